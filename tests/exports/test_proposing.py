"""Asking for a list: what is said about it, and what it will look like."""

import pytest

from accounts.models import Trail
from exports.models import Export
from letters import publishing
from letters.models import Letter, Role
from tests import cast
from tests.exports.conftest import ASKED, staff

pytestmark = pytest.mark.django_db

NEW = "/desk/letters/clean-rivers/exports/new/"


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"why": "  "}, "why"),
        ({"why": "for ada@okoye.example"}, "why"),
        ({"why": "x" * 201}, "why"),
        ({"profile": "everything"}, "profile"),
        ({"format": "exe"}, "format"),
        ({"kind": "robot"}, "kind"),
        ({"country": "XX"}, "country"),
        ({"since": "yesterday"}, "since"),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "until"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(esra, changes, field):
    answer = esra.post(NEW, ASKED | changes)
    assert answer.status_code == 422
    assert f'id="error_1_id_{field}"' in answer.content.decode()
    assert not Export.objects.exists()


def test_one_sees_columns_and_rows_before_asking(esra):
    look = {name: value for name, value in ASKED.items() if name != "propose"} | {"look": "1"}
    page = esra.post(NEW, look).content.decode()
    assert "affiliation" in page and "Bela Horvát" in page
    assert "Rosa" not in page and "Carla" not in page and "@mail.example" not in page
    assert not Export.objects.exists()


def test_t24_who_saw_rows_of_which_profile_is_on_the_trail_and_no_name(esra, letter):
    look = {name: value for name, value in ASKED.items() if name != "propose"} | {"look": "1"}
    esra.post(NEW, look | {"profile": "government"})
    line = Trail.objects.get(what="list looked at")
    assert (line.who, line.letter) == (esra.user, letter.pk)
    assert (line.detail["profile"], line.detail["rows"]) == ("government", 2)
    assert "Bela" not in str(line.detail)
    esra.post(NEW, look | {"why": ""})
    assert Trail.objects.filter(what="list looked at").count() == 1


@pytest.mark.parametrize(
    "changes, rows",
    [
        ({}, 2),
        ({"country": "HU"}, 1),
        ({"kind": "organisation"}, 0),
        ({"kind": "person"}, 2),
        ({"since": "2020-01-01"}, 2),
        ({"until": "2020-01-01"}, 0),
    ],
)
def test_only_what_is_asked_for_is_in_it(ask, changes, rows):
    assert ask(profile="government", **changes).rows == rows


def test_of_a_letter_that_was_changed_one_asks_for_those_who_signed_one_version(esra):
    letter = Letter.objects.get(slug="clean-rivers")
    assert "Who signed version" not in esra.get(NEW).content.decode()
    publishing.amend(letter).translations.update(body="We ask you to act *today*.")
    publishing.publish(letter)
    first, second = letter.versions.order_by("number")
    look = {name: value for name, value in ASKED.items() if name != "propose"} | {"look": "1"}
    assert "Bela Horvát" in esra.post(NEW, look | {"version": first.pk}).content.decode()
    assert "Bela Horvát" not in esra.post(NEW, look | {"version": second.pk}).content.decode()
    esra.post(NEW, ASKED | {"version": first.pk})
    assert Export.objects.get().version == first
    for forged in (cast.letter("other", "Other").current.pk, cast.night_trains().versions.get().pk, "x"):
        answer = esra.post(NEW, ASKED | {"version": forged})
        assert answer.status_code == 422 and "error_1_id_version" in answer.content.decode()
    assert Export.objects.count() == 1


def test_a_draft_has_no_list():
    client = staff("jo", Role.Kind.OWNER, cast.night_trains())
    assert client.post("/desk/letters/night-trains/exports/new/", ASKED).status_code == 404
    assert "is a draft" in client.get("/desk/letters/night-trains/exports/").content.decode()


def test_t27_whoever_is_alone_is_told_to_invite_somebody(letter):
    alone = staff("kim", Role.Kind.OWNER, letter)
    for place in (NEW, "/desk/letters/clean-rivers/exports/"):
        assert "Invite somebody" in alone.get(place).content.decode()
    staff("lea", Role.Kind.MODERATOR, letter)
    assert "Invite somebody" in alone.get(NEW).content.decode()
    staff("mia", Role.Kind.EXPORTER, letter)
    assert "Invite somebody" not in alone.get(NEW).content.decode()


def test_the_page_of_the_letter_leads_there_for_who_may(esra, letter):
    page = f"/desk/letters/{letter.slug}/"
    assert f"{page}exports/" in esra.get(page).content.decode()
    moderator = staff("nora", Role.Kind.MODERATOR, letter)
    assert f"{page}exports/" not in moderator.get(page).content.decode()
