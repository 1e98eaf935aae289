"""What changed between two texts, in any script."""

import time

import pytest

from letters import comparing
from letters.comparing import Mark, Piece
from letters.models import Recipient
from letters.publishing import amend, publish
from letters.translating import add_translation
from tests import cast

URDU = {"language": "ur", "title": "صاف دریا", "summary": "", "body": "ہم صاف پانی مانگتے ہیں۔"}


def marked(pieces):
    """The pieces as a person would note them down."""
    signs = {Mark.SAME: "{}", Mark.ADDED: "[+{}+]", Mark.REMOVED: "[-{}-]"}
    return "".join(signs[piece.mark].format(piece.text) for piece in pieces)


@pytest.mark.parametrize(
    "before, after, told",
    [
        ("We ask you to act.", "We ask you to act.", "We ask you to act."),
        ("We ask you now.", "We beg you.", "We [-ask-][+beg+] you[- now-]."),
        ("", "New.", "[+New.+]"),
        ("ہم صاف پانی مانگتے ہیں۔", "ہم صاف ہوا مانگتے ہیں۔", "ہم صاف [-پانی-][+ہوا+] مانگتے ہیں۔"),
        ("ما می‌خواهیم", "ما نمی‌خواهیم", "ما [-می‌خواهیم-][+نمی‌خواهیم+]"),
        ("قَلَمٌ هنا", "قلم هنا", "[-قَلَمٌ-][+قلم+] هنا"),
        ("One.\n\nTwo.\n", "One.\n\nAnd two.\n", "One.\n\n[-Two-][+And two+].\n"),
    ],
)
def test_words_are_compared_whole(before, after, told):
    assert marked(comparing.compare(before, after)) == told


def test_paragraphs_stay_paragraphs():
    pieces = [Piece("One.\n\nTw", Mark.SAME), Piece("o", Mark.ADDED), Piece(".\n\n", Mark.SAME)]
    assert [marked(one) for one in comparing.paragraphs(pieces)] == ["One.", "Tw[+o+]."]


def test_two_long_texts_that_hardly_meet_are_shown_at_once():
    start = time.process_time()
    before, after = " ".join(f"a{n}" for n in range(8000)), " ".join(f"b{n % 7}" for n in range(9000))
    assert [piece.mark for piece in comparing.compare(before, after)] == [Mark.REMOVED, Mark.ADDED]
    assert time.process_time() - start < 2


@pytest.mark.django_db
def test_versions_differ_in_texts_languages_and_offices():
    letter = cast.clean_rivers()
    first = letter.current
    draft = amend(letter)
    draft.translations.update(body="To whom it concerns.\n\nWe ask you to act.")
    add_translation(draft, **URDU)
    draft.recipients.filter(office="Ministry of Health").delete()
    Recipient.objects.create(version=draft, order=9, office="Ministry of Water", address="w@lowmere.example")
    changes = comparing.versions(first, publish(letter))
    assert [(text.text.language, text.is_changed) for text in changes.texts] == [("en", True), ("ur", True)]
    assert marked(changes.texts[1].title) == "[+صاف دریا+]"
    assert {(office.text, office.mark) for office in changes.offices} == {
        ("Ministry of the Interior", Mark.SAME),
        ("Ministry of Health", Mark.REMOVED),
        ("Ministry of Water", Mark.ADDED),
    }
    assert changes.is_changed and not comparing.versions(first, first).is_changed
