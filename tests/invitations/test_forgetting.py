"""What is known of the invited goes when its time is over."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from invitations import forgetting, tasks
from invitations.models import Attempt, Invitation, State
from letters.models import Letter
from outbox import posting
from outbox.models import Message
from signatories import forgetting as signatures
from signatories import signing
from tests import cast

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def letter():
    return cast.clean_rivers()


def forget_in(days):
    return forgetting.forget(at=timezone.now() + days * DAY)


@pytest.mark.parametrize("moment", ["declined_at", "not_mailed_at"])
def test_who_said_no_is_nameless_after_14_days_and_not_asked_again(letter, moment):
    row = cast.invited(letter, **{moment: timezone.now()})
    assert forget_in(13) == 0
    assert forget_in(14.1) == 1
    row.refresh_from_db()
    assert row.name is None and row.email is None and row.address
    assert forget_in(15) == 0


def test_everything_goes_30_days_after_closing(letter):
    row = cast.invited(letter)
    posting.post("invitation", subject=row.pk)
    posting.post("attempt", subject=row.pk)
    Letter.objects.filter(pk=letter.pk).update(closes_at=timezone.now())
    assert forget_in(29) == 0
    assert forget_in(30.1) == 1
    assert not Invitation.objects.exists()
    assert Message.objects.get().kind == "attempt"


def test_without_a_closing_date_it_goes_after_a_year_and_unsent_after_30_days(letter):
    cast.invited(letter)
    cast.invited(letter, posted_at=None, mailed_at=None, email="a@lake-watch.example")
    assert forget_in(29) == 0
    assert forget_in(31) == 1
    assert forget_in(366) == 1


def signed_by(row, email=cast.UNION):
    signature = cast.union(row.letter, email=email)
    Attempt.objects.create(invitation=row, signature=signature)
    return signature


def test_what_is_erased_of_a_signature_is_tied_to_no_name_any_more(letter):
    row = cast.invited(letter)
    signing.erase(signed_by(row))
    assert forget_in(0) == 0
    assert not Attempt.objects.exists()
    assert Invitation.objects.with_answers().get().state == State.DECLINED
    assert not Invitation.objects.unanswered().exists()


def test_where_a_signature_outlives_its_name_the_invitation_does_not(letter):
    row, other = cast.invited(letter), cast.invited(letter, email="a@lake-watch.example")
    signature = signed_by(row)
    signatures.forget_letter(letter, why="it is delivered", at=timezone.now())
    assert forget_in(0) == 1
    assert list(Invitation.objects.all()) == [other] and cast.fresh(signature).is_organisation()


def test_an_attempt_that_came_to_nothing_leaves_the_invitation_open(letter):
    row = cast.invited(letter)
    Attempt.objects.create(invitation=row, signature=cast.ada(letter))
    signatures.forget(at=timezone.now() + 15 * DAY)
    assert forget_in(0) == 0
    assert not Attempt.objects.exists() and Invitation.objects.unanswered().exists()


def test_the_command_foretells_and_does_it(letter, capsys):
    cast.invited(letter, declined_at=timezone.now() - 15 * DAY)
    call_command("forget", "--dry-run")
    assert "invitations answered or over: 1" in capsys.readouterr().out
    call_command("forget")
    assert "Erased: 1 invitations." in capsys.readouterr().out


def test_the_clock_does_it(letter):
    cast.invited(letter, declined_at=timezone.now() - 15 * DAY)
    tasks.forget()
    assert Invitation.objects.get().email is None
