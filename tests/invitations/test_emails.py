"""Mails to the invited: each in its language, with one private link and a way to say no."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from invitations import emails, inviting, links
from invitations.models import Invitation, State
from outbox import building, draining
from outbox.models import Lane, Message
from signatories import signing
from tests import cast

pytestmark = pytest.mark.django_db


def send(letter, **changes):
    row = cast.invited(letter, posted_at=None, mailed_at=None, **changes)
    inviting.send(letter, by=row.invited_by)
    return row


def state(row):
    return Invitation.objects.with_answers().get(pk=row.pk).state


def test_it_says_who_asks_for_what_and_how_to_say_no(mails):
    row = send(cast.clean_rivers())
    assert state(row) == State.LEAVING
    [mail] = mails()
    assert mail.subject == "Will your organisation sign? Clean Rivers"
    assert "River Watch invites your organisation to sign the open letter “Clean Rivers”." in mail.text
    assert f"/o/{links.token(row)}/" in mail.text
    assert f"/o/{links.token(row)}/decline/" in mail.text
    assert "Harbour" not in mail.text
    assert state(row) == State.INVITED


@pytest.mark.parametrize("language", ["en", "ur", "prs", "ps"])
def test_it_is_in_the_rows_language_from_first_to_last_word(mails, language):
    row = send(cast.clean_rivers(), language=language)
    [mail] = mails()
    prefix = "" if language == "en" else f"/{language}"
    assert f"{prefix}/o/{links.token(row)}/" in mail.text
    assert ("invites your organisation" in mail.text) == (language == "en")
    assert ("Who invited you" in mail.text) == (language == "en")


@pytest.mark.parametrize("language", ["en", "ur", "prs", "ps"])
def test_t34_about_a_letter_at_risk_it_is_discreet(mails, language):
    send(cast.quiet_streets(), language=language)
    [mail] = mails()
    for word in ("Quiet", "River Watch", "letter", "sign", "Undersigned"):
        assert word.casefold() not in (mail.subject + mail.text).casefold(), word


def test_mail_programs_may_say_never_by_one_click():
    row = send(cast.clean_rivers())
    Message.objects.update(lane=Lane.SLOW)
    mail = building.builder(emails.INVITATION).build(Message.objects.get())
    link = mail.headers["List-Unsubscribe"].strip("<>")
    assert link.endswith(f"/o/{links.token(row)}/decline/")
    assert Client().post(link.partition("8000")[2], {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert signing.wants_no_mail(row.address)


def test_those_who_sign_get_their_mail_first(mails):
    send(cast.clean_rivers())
    draining.drain()
    assert Message.objects.get().lane == Lane.SLOW


def test_nothing_leaves_for_what_was_answered_or_erased_meanwhile(mails):
    letter = cast.clean_rivers()
    for number, changes in enumerate(
        ({"declined_at": timezone.now()}, {"declined_at": timezone.now(), "name": None, "email": None})
    ):
        row = send(letter, email=f"a{number}@lake-watch.example")
        Invitation.objects.filter(pk=row.pk).update(**changes)
    assert mails() == []


def test_an_address_that_declined_under_this_letter_is_not_asked_by_others(mails):
    letter = cast.clean_rivers()
    cast.invited(letter, declined_at=timezone.now(), mailed_at=timezone.now() - timedelta(days=9))
    row = send(letter, invited_by=cast.esra(letter, name="Dunya"))
    assert mails() == []
    assert state(row) == State.NOT_MAILED


def test_a_mail_that_comes_back_is_told_and_one_that_is_complained_about_was_the_last():
    row = cast.invited(cast.clean_rivers())
    post = Message(kind=emails.INVITATION, subject=row.pk)
    building.builder(emails.INVITATION).dead(post)
    assert state(row) == State.BOUNCED
    building.builder(emails.INVITATION).complained(post, timezone.now())
    assert state(row) == State.DECLINED
    assert signing.wants_no_mail(row.address)
