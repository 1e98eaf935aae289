"""Changing the text of a published letter at the desk, through the door its hosts use."""

import pytest
from django.test import Client

from letters import publishing
from letters.models import Letter, Version
from tests import cast, entering
from updates import notices

pytestmark = pytest.mark.django_db

LETTER = "/desk/letters/clean-rivers/"
CHANGE, DRAFT = f"{LETTER}change/", f"{LETTER}draft/"


@pytest.fixture
def letter():
    return cast.clean_rivers()


def desk(letter, name):
    client = Client()
    entering.enter(client, cast.esra(letter, name=name))
    return client


def words(answer):
    return answer.content.decode()


def test_one_begins_and_proposes_another_publishes_and_signers_are_asked(letter):
    cast.bela(letter)
    esra, noor = desk(letter, "Esra"), desk(letter, "Noor")
    assert "Begin the next version" in words(esra.get(CHANGE))
    assert esra.post(f"{CHANGE}begin/").url == DRAFT
    assert "Nothing in it differs" in words(esra.get(DRAFT))
    esra.post(f"{DRAFT}propose/")
    assert Version.objects.get(number=2).proposed_at is None
    text = {"title": "Clean Rivers", "summary": "In short.", "body": "We ask you to act *today*."}
    assert esra.post(f"{DRAFT}text/en/", text).url == DRAFT
    assert "<ins>" in words(esra.get(f"{LETTER}versions/"))
    esra.post(f"{DRAFT}propose/")
    noor.post(f"{DRAFT}publish/", cast.seen(letter))
    letter = Letter.objects.select_related("current").get(pk=letter.pk)
    assert letter.current.number == 2
    assert notices.spread() == 1
    assert "today" in words(Client().get("/letters/clean-rivers/"))


def test_a_draft_is_thrown_away_and_the_signed_text_stays(letter):
    esra = desk(letter, "Esra")
    esra.post(f"{CHANGE}begin/")
    assert "Throw it away" in words(esra.get(DRAFT))
    assert esra.post(f"{DRAFT}discard/").url == LETTER
    assert esra.post(f"{DRAFT}discard/").status_code == 404
    assert letter.versions.count() == 1
    assert "*act*" in letter.current.translations.get().body


def test_a_letter_that_was_never_published_has_nothing_to_throw_away():
    draft = cast.night_trains()
    esra = desk(draft, "Esra")
    assert esra.post("/desk/letters/night-trains/draft/discard/").status_code == 404
    assert esra.get("/desk/letters/night-trains/change/").status_code == 404
    assert draft.versions.count() == 1


def test_a_letter_that_was_taken_down_has_no_text_to_change(letter):
    esra = desk(letter, "Esra")
    Letter.objects.filter(pk=letter.pk).update(taken_down_at=letter.published_at)
    assert esra.get(CHANGE).status_code == 404


def test_the_text_of_a_closed_letter_changes_no_more(letter):
    esra, noor = desk(letter, "Esra"), desk(letter, "Noor")
    esra.post(f"{CHANGE}begin/")
    text = {"title": "Clean Rivers", "summary": "In short.", "body": "We ask you to act *today*."}
    esra.post(f"{DRAFT}text/en/", text)
    esra.post(f"{DRAFT}propose/")
    publishing.close(letter)
    assert "changes no more" in words(noor.post(f"{DRAFT}publish/", cast.seen(letter), follow=True))
    assert Letter.objects.get(pk=letter.pk).current_id == letter.current_id
    esra.post(f"{DRAFT}discard/")
    assert "changes no more" in words(esra.get(CHANGE))
    assert "only the text of an open letter" in words(esra.post(f"{CHANGE}begin/", follow=True))
    assert letter.versions.count() == 1
