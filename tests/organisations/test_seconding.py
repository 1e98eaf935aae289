"""One moderator alone does not change by what an organisation is known under the letters of others."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Trail, User
from letters.models import Role
from organisations import editing, recognising, seconding
from organisations.models import Evidence, Organisation, ProposedChange
from tests import cast, entering

pytestmark = pytest.mark.django_db

MOVED = {"website": "https://mallory.example/", "country": "FR"}
WAITS = "another moderator agrees"


def words(answer):
    return " ".join(answer.content.decode().split())


def moderator(letter, email):
    client, user = Client(), User.objects.create_user(email)
    Role.objects.create(letter=letter, user=user, kind=Role.Kind.MODERATOR)
    entering.enter(client, user)
    return client


@pytest.fixture
def union():
    """It stands under two letters, each with moderators of its own, and nothing proves who it is."""
    union = cast.known_union(cast.clean_rivers(), email="harbour.workers@gmail.com")
    cast.known_union(cast.letter("tall-hedges", "Tall Hedges"), email="harbour.workers@gmail.com")
    return union


@pytest.fixture
def home(union):
    return f"/desk/organisations/{union.public_id}/"


@pytest.fixture
def mallory(union):
    return moderator(union.signatures.first().letter, "mallory@desk.example")


@pytest.fixture
def fela(union):
    return moderator(union.signatures.last().letter, "fela@desk.example")


def decide(client, home, **what):
    change = ProposedChange.objects.get()
    return words(client.post(f"{home}changes/{change.pk}/", what, follow=True))


def test_t23_a_website_is_changed_once_another_moderator_agrees(union, home, mallory, fela):
    assert WAITS in words(mallory.post(f"{home}facts/", MOVED, follow=True))
    union.refresh_from_db()
    assert union.website == "https://harbour-workers.example/" and union.country == "FR"
    assert "Agree" not in words(mallory.get(home)) and "mallory.example" in words(mallory.get(home))
    assert "waits for a moderator" in words(fela.get("/desk/organisations/"))
    assert "Another moderator has to" in decide(mallory, home)
    assert ProposedChange.objects.exists()
    assert "Agree" in words(fela.get(home))
    assert "Changed." in decide(fela, home)
    union.refresh_from_db()
    assert union.website == MOVED["website"] and not ProposedChange.objects.exists()
    done = Trail.objects.filter(what__startswith="change of an organisation").order_by("pk")
    assert [(row.what.split()[-1], row.who.email.split("@")[0]) for row in done] == [
        ("proposed", "mallory"),
        ("accepted", "fela"),
    ]


def test_t23_so_is_a_name_that_is_added_listed_or_taken_off(union, home, mallory, fela):
    assert WAITS in words(
        mallory.post(f"{home}names/", {"text": "Mill Society", "language": "en"}, follow=True)
    )
    assert union.names.count() == 1
    decide(fela, home)
    main, alias = union.names.all()
    assert alias.text == "Mill Society"
    assert WAITS in words(mallory.post(f"{home}names/{alias.pk}/", follow=True))
    assert Organisation.objects.get().name == "Harbour Workers' Union"
    decide(fela, home)
    assert Organisation.objects.get().name == "Mill Society"
    assert WAITS in words(mallory.post(f"{home}names/{main.pk}/", {"drop": "1"}, follow=True))
    assert union.names.count() == 2
    decide(fela, home)
    assert union.names.get() == alias


def test_a_badge_needs_a_second_whoever_moderates(union, home):
    user = User.objects.create_superuser("owner@desk.example")
    with transaction.atomic():
        editing.change(union, **MOVED, type="", descriptions={}, by=user)
        transaction.set_rollback(True)
    union.evidence.create(kind=Evidence.Kind.MAILBOX, seen="harbour-workers.example")
    with pytest.raises(editing.NeedsSecond):
        editing.change(union, **MOVED, type="", descriptions={}, by=user)
    with pytest.raises(editing.NeedsSecond):
        editing.add_name(union, text="Mill Society", language="en", by=user)


def test_who_proposed_takes_it_back_and_another_says_no(union, home, mallory, fela):
    for client in (mallory, fela):
        mallory.post(f"{home}facts/", MOVED)
        assert "Nothing was changed" in decide(client, home, decline="1")
        assert not ProposedChange.objects.exists()
    union.refresh_from_db()
    assert union.website == "https://harbour-workers.example/"


def test_one_waits_at_a_time_and_what_is_decided_is_decided_once(union, home, mallory, fela):
    mallory.post(f"{home}facts/", MOVED)
    again = words(mallory.post(f"{home}facts/", MOVED | {"website": "https://x.example/"}, follow=True))
    assert "waits already" in again
    number = ProposedChange.objects.get().pk
    decide(fela, home)
    assert "decided or taken back" in words(fela.post(f"{home}changes/{number}/", follow=True))


def test_a_name_that_another_has_by_then_changes_nothing(union, home, mallory, fela):
    mallory.post(f"{home}names/", {"text": "Mill Society", "language": "en"})
    recognising.recognise("Mill Society", language="en", website=None, country="GB")
    assert "has this name already" in decide(fela, home)
    assert union.names.count() == 1


def test_a_page_that_another_has_overtaken_changes_no_website(union, mallory):
    by = User.objects.get(email="mallory@desk.example")
    stale = Organisation.objects.get(pk=union.pk)
    Organisation.objects.filter(pk=union.pk).update(website="https://harbour-union.example/")
    assert not seconding.change(stale, by=by, type="", descriptions={}, **MOVED)
    union.refresh_from_db()
    assert union.website == "https://harbour-union.example/" and union.country == "FR"


def test_the_rest_is_changed_at_once(union, home, mallory):
    same = {"website": "https://harbour-workers.example/", "country": "FR", "description_en": "We."}
    assert "Saved." in words(mallory.post(f"{home}facts/", same, follow=True))
    assert not ProposedChange.objects.exists() and union.descriptions.get().text == "We."


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "website"},
        {"kind": "lead"},
        {"kind": "drop", "text": "x"},
        {"kind": "name", "text": "x"},
        {"kind": "country", "text": "x"},
    ],
)
def test_the_database_knows_what_a_change_says(union, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposedChange.objects.create(organisation=union, by=cast.chidi(), **fields)
