"""Why a release ended is told to hosts in sentences, whatever ended it."""

import json

import pytest

from deliveries import ending, explaining, preparing
from deliveries.models import Release, Step
from tests import cast, entering
from tests.deliveries.test_releasing import desk, dunya, esra, other, place, proposed

__all__ = ["desk", "dunya", "esra", "other"]

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def ended(letter, step: str, reason: str) -> Release:
    chosen = Release.objects.create(
        letter=letter, version=letter.current, proposed_by=cast.esra(letter, name="Noor")
    )
    Release.objects.filter(pk=chosen.pk).update(step=step, reason=reason)
    return Release.objects.get(pk=chosen.pk)


def test_whatever_stands_in_a_manifest_has_a_sentence(letter, desk):
    release = proposed(letter, desk)
    assert set(json.loads(release.manifest)) | {ending.SERVED} == set(explaining.CHANGED)


def test_each_sentence_stands_once(letter):
    release = ended(letter, Step.VOID, "in_office_hours, is_public, leaves_at")
    assert explaining.why(release) == [
        "When it leaves was changed.",
        "The letter is not public any more, or was archived.",
        "Propose it again.",
    ]


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("never", "can be reached no more"),
        ("FontsMissing", "fonts for the papers are not where"),
        ("LettersMissing", "fonts lack letters"),
        ("TypstError", "finds the reason in the log, under “release "),
    ],
)
def test_the_page_says_why_nothing_could_be_prepared(letter, client, reason, sentence):
    release = ended(letter, Step.FAILED, reason)
    entering.enter(client, cast.esra(letter))
    page = client.get(place(letter, f"releases/{release.pk}/")).content.decode()
    assert sentence in page and "TypstError" not in page and "Missing" not in page


def test_what_was_called_off_is_called_so(letter, desk, other):
    release = proposed(letter, desk)
    preparing.record(release.dossier, list(release.recipients.all()), release=release)
    desk.post(place(letter, f"releases/{release.pk}/cancel/"))
    for path in ("", f"releases/{release.pk}/", f"{release.deliveries.first().pk}/"):
        page = desk.get(place(letter, path)).content.decode()
        assert "called off before it left" in page and "nothing had to leave" not in page
