"""The pages that show what changed between versions, to readers and at the desk."""

import pytest
from django.test import Client

from accounts.models import User
from letters.models import Role
from letters.publishing import amend, publish
from letters.translating import add_translation
from tests import cast, entering
from tests.letters.test_comparing import URDU

pytestmark = pytest.mark.django_db

PUBLIC = "/letters/clean-rivers/versions/"
DESK = "/desk/letters/clean-rivers/versions/"


def words(answer):
    return answer.content.decode()


def amended(letter, *, published):
    """The letter with a second version that says <b>tomorrow</b> where the first says act."""
    draft = amend(letter)
    draft.translations.update(
        body="To whom it concerns.\n\n## Clean Rivers\n\nWe ask you to *<b>tomorrow</b>*."
    )
    return publish(letter) if published else draft


def desk(letter, kind):
    user, client = User.objects.create_user(f"{kind}@desk.example", name=kind), Client()
    Role.objects.create(letter=letter, user=user, kind=kind)
    entering.enter(client, user)
    return client


def test_readers_see_each_version_and_what_changed():
    letter = cast.clean_rivers()
    page = words(Client().get(PUBLIC))
    assert "The first version." in page and "<ins>" not in page
    amended(letter, published=True)
    page = words(Client().get("/ur" + PUBLIC))
    assert letter.current.text_hash in page and 'lang="en" dir="ltr"' in page
    assert page.count("<ins>") == page.count("<del>") > 0
    assert "&lt;b&gt;" not in page.split("<ins>")[0] and "<b>" not in page


def test_a_translation_runs_its_own_way():
    letter = cast.clean_rivers()
    add_translation(letter.current, **URDU)
    draft = amend(letter)
    draft.translations.filter(language="ur").update(body="ہم صاف ہوا مانگتے ہیں۔")
    publish(letter)
    page = words(Client().get("/ur" + PUBLIC))
    assert 'class="changes" lang="ur" dir="rtl"' in page
    assert "پانی" in page.split("<del>")[1].split("</del>")[0]


def test_a_draft_is_seen_by_no_reader_and_at_the_desk_by_who_writes_alone():
    letter = cast.clean_rivers()
    amended(letter, published=False)
    assert "tomorrow" not in words(Client().get(PUBLIC))
    assert "<ins>" in words(desk(letter, Role.Kind.TRANSLATOR).get(DESK))
    auditor = desk(letter, Role.Kind.AUDITOR)
    assert "tomorrow" not in words(auditor.get(DESK))
    assert auditor.get(DESK, {"before": 1, "after": 2}).status_code == 404
    assert Client().get("/letters/night-trains/versions/").status_code == 404


@pytest.mark.parametrize("number", ["0", "9", "x", "²", "-1", "99999999999", "1\x00"])
def test_numbers_of_no_version_lead_nowhere(number):
    letter = cast.clean_rivers()
    assert desk(letter, Role.Kind.OWNER).get(DESK, {"before": number}).status_code == 404


def test_any_two_versions_are_compared_and_the_last_two_by_default():
    letter = cast.clean_rivers()
    client = desk(letter, Role.Kind.OWNER)
    assert "nothing to compare it with" in words(client.get(DESK))
    amended(letter, published=True)
    assert "From version 1 to version 2" in words(client.get(DESK))
    assert "From version 2 to version 1" in words(client.get(DESK, {"before": 2, "after": 1}))
    assert "that are not the same" in words(client.get(DESK, {"before": 2, "after": 2}))


def test_the_pages_of_a_letter_at_risk_are_kept_nowhere():
    cast.quiet_streets()
    answer = Client().get("/letters/quiet-streets/versions/")
    assert answer["Cache-Control"] == "no-store" and "noindex" in answer["X-Robots-Tag"]
