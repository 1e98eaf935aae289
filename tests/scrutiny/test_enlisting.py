"""The watch list grows and shrinks on a page of the desk, and whoever moved it is written down."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Trail, User
from scrutiny import enlisting, watching
from scrutiny.models import Watched
from tests import cast, entering

pytestmark = pytest.mark.django_db

LIST = "/desk/site/watch-list/"
CHIEF = {"kind": "office", "text": "Chief Scout", "note": "Much claimed in May."}


@pytest.fixture
def operator(client):
    operator = User.objects.create_superuser("esra@desk.example", cast.PASSWORD, name="Esra")
    entering.enter(client, operator)
    return operator


def words(answer):
    return " ".join(answer.content.decode().split())


def claims(role):
    return watching.watch_list().claims(name="Ada Okoye", role=role)


def test_what_is_put_on_the_list_holds_until_it_is_ended(client, operator, fresh_cache):
    assert "added nothing yet" in words(client.get(LIST))
    assert "It holds within a minute" in words(client.post(f"{LIST}add/", CHIEF, follow=True))
    assert claims("chief scout of the county") == {"office"}
    row = Watched.objects.get()
    assert row.added_by == operator
    page = words(client.get(LIST))
    assert "Chief Scout" in page and "Much claimed in May." in page and "Esra" in page
    client.post(f"{LIST}{row.pk}/end/")
    fresh_cache()
    assert claims("chief scout of the county") == set()
    assert "already" in words(client.post(f"{LIST}{row.pk}/end/", follow=True))
    assert [line.what for line in Trail.objects.order_by("pk")] == ["watched", "watched no more"]
    assert "Scout" not in str(list(Trail.objects.values_list("detail", flat=True)))
    assert "took something off the watch list" in words(client.get("/desk/site/"))


def test_what_is_watched_from_the_start_is_taken_off_and_comes_back(client, operator, fresh_cache):
    assert claims("Ambassador") == {"office"}
    client.post(f"{LIST}add/", {"kind": "office", "text": "AMBASSADOR", "is_exempt": "on"})
    fresh_cache()
    assert claims("Ambassador") == set()
    client.post(f"{LIST}{Watched.objects.get().pk}/end/")
    fresh_cache()
    assert claims("Ambassador") == {"office"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": "…"}, "Type a word that can be compared."),
        ({"text": "chief  SCOUT"}, "It stands on the list already."),
        ({"text": "Ambassador"}, "It stands on the list already."),
        ({"text": "Baker", "is_exempt": "on"}, "It is not on the list from the start"),
        ({"text": ""}, "required"),
        ({"kind": "colour"}, "valid choice"),
    ],
)
def test_what_cannot_be_put_there_is_said_beside_it(client, operator, changes, said):
    client.post(f"{LIST}add/", CHIEF)
    answer = client.post(f"{LIST}add/", CHIEF | changes)
    assert answer.status_code == 422
    assert said in words(answer)
    assert Watched.objects.count() == 1


def test_what_was_ended_can_be_put_there_again_and_is_forgotten_after_thirty_days(operator):
    enlisting.end(enlisting.add("name", "Ada Okoye", by=operator), by=operator)
    enlisting.add("name", "Ada Okoye", by=operator)
    assert enlisting.forget(at=timezone.now() + timedelta(days=29)) == 0
    assert enlisting.forget(at=timezone.now() + timedelta(days=30)) == 1
    assert Watched.objects.in_force().count() == 1


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"kind": "colour"}, "watched_is_of_a_kind"),
        ({"ended_at": "2026-01-01T00:00Z"}, "somebody_ends_what_is_watched"),
    ],
)
def test_the_database_knows_what_is_watched_and_who_ended_it(operator, changes, name):
    enlisting.add("name", "Ada Okoye", by=operator)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Watched.objects.update(**changes)


@pytest.mark.parametrize("place", ["add/", "1/end/"])
def test_t23_owners_of_letters_do_not_steer_it(place):
    letter, browser = cast.clean_rivers(), Client()
    entering.enter(browser, cast.esra(letter))
    assert browser.get(LIST).status_code == 404
    assert browser.post(LIST + place, CHIEF).status_code == 404
    assert not Watched.objects.exists()


def test_t22_whoever_moves_it_has_just_shown_to_be_there(operator):
    browser = Client()
    entering.enter(browser, operator, minutes_ago=6)
    answer = browser.post(f"{LIST}add/", CHIEF)
    assert answer.url == "/accounts/reauthenticate/?next=%2Fdesk%2Fsite%2Fwatch-list%2F"
    assert not Watched.objects.exists()
