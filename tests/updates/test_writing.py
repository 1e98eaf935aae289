"""An update is written by one, approved by another, and mailed no more often than once a week."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Trail, User
from letters.models import Role
from tests import cast
from tests.letters.test_drafts import staff, words
from updates.models import Update

pytestmark = pytest.mark.django_db

PAGE = "/desk/letters/clean-rivers/updates/"
NEWS = {"subject": "The river is clean", "body": "They *heard* us."}


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def esra(letter):
    return staff("esra", Role.Kind.AUTHOR, letter=letter)


@pytest.fixture
def dunya(letter):
    return staff("dunya", Role.Kind.OWNER, letter=letter)


def write(client, *, page=PAGE, language="en", **changes):
    """Somebody writes the letter's next update; returns where it stands."""
    place = re.sub("text/.*", "", client.post(f"{page}begin/").url)
    assert client.post(f"{place}text/{language}/", NEWS | changes).url == place
    return place


def approve(client, place):
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', words(client.get(place)))
    return client.post(f"{place}approve/", {"digest": digest[1] if digest else ""}, follow=True)


def is_approved():
    return Update.objects.latest("pk").approved_at is not None


def test_two_people_have_an_update_mailed(esra, dunya):
    place = write(esra)
    assert "Have it mailed" not in words(dunya.get(place))
    assert "Proposed" in words(esra.post(f"{place}propose/", follow=True))
    assert "<em>heard</em>" in words(dunya.get(place))
    assert "It is being mailed" in words(approve(dunya, place))
    update = Update.objects.get()
    assert (update.proposed_by.name, update.approved_by.name) == ("Esra", "Dunya")
    lines = [line.what for line in Trail.objects.order_by("pk")]
    assert lines == ["update begun", "update written", "update proposed", "update approved"]
    assert Trail.objects.latest("pk").detail["sha256"] == update.digest()


def test_t27_nobody_approves_what_they_proposed_or_wrote(esra, dunya, letter):
    owner = staff("olu", Role.Kind.OWNER, letter=letter)
    place = write(owner)
    owner.post(f"{place}propose/")
    digest = Update.objects.get().digest()
    owner.post(f"{place}approve/", {"digest": digest})
    assert not is_approved()
    dunya.post(f"{place}text/ur/", NEWS)
    esra.post(f"{place}propose/")
    assert "wrote nothing of it" in words(approve(dunya, place))
    assert not is_approved()
    assert "It is being mailed" not in words(approve(esra, place))


def test_the_database_knows_it_too(letter):
    user = User.objects.create_user("olu@desk.example", name="Olu")
    now = timezone.now()
    proposed = {"letter": letter, "proposed_by": user, "proposed_at": now}
    for wrong in (
        proposed | {"approved_by": user, "approved_at": now},
        {"letter": letter, "approved_by": user, "approved_at": now},
        proposed | {"queued": 1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Update.objects.create(**wrong)


def test_what_is_approved_is_what_was_read(esra, dunya):
    place = write(esra)
    esra.post(f"{place}propose/")
    read = Update.objects.get().digest()
    esra.post(f"{place}text/en/", NEWS | {"body": "Something else."})
    esra.post(f"{place}propose/")
    assert "another text by now" in words(dunya.post(f"{place}approve/", {"digest": read}, follow=True))
    assert not is_approved()


def test_whatever_changes_takes_the_proposal_back(esra, dunya):
    place = write(esra)
    esra.post(f"{place}propose/")
    esra.post(f"{place}text/ur/", NEWS)
    assert Update.objects.get().proposed_at is None


def test_signers_have_news_once_a_week_at_most(esra, dunya, letter):
    for _ in range(2):
        place = write(esra)
        esra.post(f"{place}propose/")
        answer = words(approve(dunya, place))
    assert "They may have more from" in answer and not is_approved()
    Update.objects.exclude(approved_at=None).update(approved_at=timezone.now() - timedelta(days=7))
    approve(dunya, place)
    assert is_approved()


def test_nobody_writes_to_what_is_approved_and_there_is_one_draft(esra, dunya):
    place = write(esra)
    assert write(esra) == place
    esra.post(f"{place}propose/")
    approve(dunya, place)
    for act in ("propose/", "remove/", "text/en/"):
        assert esra.post(place + act, NEWS).status_code == 404, act
    assert dunya.post(f"{place}approve/", {"digest": "x"}).status_code == 404
    assert write(esra) != place


def test_nothing_half_done_is_proposed(esra, letter):
    place = write(esra, language="ur")
    assert "says nothing yet in the language of the letter" in words(esra.get(place))
    esra.post(f"{place}propose/")
    assert Update.objects.get().proposed_at is None
    for wrong in ({"subject": ""}, {"subject": "x" * 151}, {"body": ""}, {"body": "a\x1bb"}):
        answer = esra.post(f"{place}text/en/", NEWS | wrong)
        assert answer.status_code == 422 and 'id="error_1_id_' in words(answer)
    assert Update.objects.get().texts.count() == 1
    esra.post(f"{place}remove/")
    assert not Update.objects.exists()


def test_updates_of_another_letter_are_not_there(esra, letter):
    other = cast.letter("open-wells", "Open Wells")
    update = Update.objects.create(letter=other)
    assert esra.get(f"{PAGE}{update.pk}/").status_code == 404
    assert esra.post(f"{PAGE}{update.pk}/remove/").status_code == 404


def test_a_text_is_tried_out_on_oneself_once_a_minute(esra, mails):
    place = write(esra)
    for _ in range(2):
        esra.post(f"{place}text/en/trial/")
    (mail,) = mails()
    assert (mail.to, mail.subject) == ("esra@desk.example", "The river is clean")
    said = " ".join(mail.text.split())
    assert "This is a trial, sent to you alone." in said and "leads to where they ask for it" in said
