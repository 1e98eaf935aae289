"""Archiving a letter, through the doors of host, reader, signer and operator."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Trail
from letters import taking_down
from letters.models import Letter
from signatories import forgetting, tokens
from signatories.enrolled import enrolling
from signatories.models import Entry, Listing
from tests import cast, entering

pytestmark = pytest.mark.django_db

PAGE, DO = "/desk/letters/clean-rivers/archiving/", "/desk/letters/clean-rivers/archiving/do/"
MEANT = {"is_meant": "on"}
LIST = "/letters/clean-rivers/signatories/"


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def bela(letter):
    bela = cast.bela(letter)
    enrolling.enrol()
    return bela


@pytest.fixture
def owner(client, letter):
    entering.enter(client, cast.esra(letter))
    return client


def close(letter, *, days):
    moments = {"opens_at": None, "closes_at": timezone.now() - timedelta(days=days)}
    Letter.objects.filter(pk=letter.pk).update(**moments)


def lines(letter):
    return [entry.line for entry in Entry.objects.filter(version=letter.current).order_by("index")]


def archived(client, letter):
    close(letter, days=366)
    forgetting.forget()
    return client.post(DO, MEANT)


def test_public_names_go_and_roll_and_count_stay(owner, letter, bela):
    before = lines(letter)
    close(letter, days=366)
    forgetting.forget()
    assert "Bela Horvát" in Client().get(LIST).content.decode()
    assert "Archive it for good" in owner.get(PAGE).content.decode()
    assert owner.post(DO, MEANT).url == "/desk/letters/clean-rivers/"
    enrolling.enrol(at_once=True)
    assert not Listing.objects.filter(letter=letter).exists()
    assert lines(letter) == before and enrolling.tally(letter).signatures == 1
    private = Client().get(f"/m/{tokens.make(tokens.MANAGE, bela)}/").content.decode()
    assert "goes on counting" in private and "Horvát" not in private
    assert Trail.objects.get(what="letter archived").detail == {"names": 1}


@pytest.mark.parametrize(
    ("prefix", "words"), [("", "It was archived on"), ("/ur", "محفوظ"), ("/prs", "بایگانی"), ("/ps", "آرشیف")]
)
def test_its_page_and_its_list_say_so(owner, letter, bela, fresh_cache, prefix, words):
    archived(owner, letter)
    for path in ("/letters/clean-rivers/", LIST):
        answer = Client().get(prefix + path)
        assert answer.status_code == 200
        assert words in answer.content.decode() and "Horvát" not in answer.content.decode()
    assert "archived" in owner.get("/desk/letters/clean-rivers/").content.decode()


@pytest.mark.parametrize(
    ("days", "words"), [(-1, "closed for 30 days"), (29, "closed for 30 days"), (31, "are erased")]
)
def test_what_is_not_over_or_still_kept_is_refused_in_words(owner, letter, bela, days, words):
    close(letter, days=days)
    assert words in owner.get(PAGE).content.decode()
    answer = owner.post(DO, MEANT)
    assert answer.status_code == 409 and words in answer.content.decode()
    assert Listing.objects.filter(letter=letter).count() == 1


def test_what_was_taken_down_is_archived_once_it_is_forgotten(owner, letter, bela):
    taking_down.take_down(letter, reason="A wrong date.", by=cast.esra(letter, name="Other"))
    assert owner.post(DO, MEANT).status_code == 409
    forgetting.forget_letter(letter, why="its time is over", at=timezone.now())
    assert owner.post(DO, MEANT).status_code == 302
    assert not Listing.objects.exists()


def test_it_is_not_done_without_a_thought_nor_twice(owner, letter, bela):
    close(letter, days=366)
    forgetting.forget()
    assert owner.post(DO, {}).status_code == 422
    assert owner.post(DO, MEANT).status_code == 302
    assert owner.post(DO, MEANT).status_code == owner.get(PAGE).status_code == 404
    assert Trail.objects.filter(what="letter archived").count() == 1


def test_it_takes_fresh_proof_by_a_passkey(client, letter, bela):
    entering.enter(client, cast.esra(letter), by="totp")
    archived(client, letter)
    assert Listing.objects.exists()


def test_nothing_is_delivered_and_nobody_signs_afterwards(owner, letter, bela, settings):
    settings.OPERATOR_MAY_RELEASE = True
    archived(owner, letter)
    with pytest.raises(CommandError, match="archived"):
        call_command("deliver", letter.slug, stdout=io.StringIO())
    page = Client().get("/letters/clean-rivers/").content.decode()
    assert 'id="sign"' not in page


def test_the_database_keeps_an_archived_letter_closed(owner, letter, bela):
    archived(owner, letter)
    for end in (None, timezone.now() + timedelta(days=1)):
        with pytest.raises(IntegrityError, match="over_are_archived"), transaction.atomic():
            Letter.objects.filter(pk=letter.pk).update(closes_at=end)
