"""Who speaks for no organisation any more has no account, either."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User, alias
from organisations.models import Organisation
from signatories import moderating
from spaces import forgetting, opening
from spaces.models import Membership
from tests import cast, entering

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    letter = cast.clean_rivers()
    return opening.open_for(moderating.approve(cast.union(letter), by=cast.chidi(letter)))


def let_in(member, email="edo@harbour-workers.example"):
    return opening.let_in(email=email, role="speaker", by=member)


def test_who_is_in_a_space_and_who_works_at_the_desk_stays(member):
    let_in(member)
    assert forgetting.forget() == 0
    assert User.objects.filter(works_here=False).count() == 2 and User.objects.filter(works_here=True)


def test_an_account_without_a_space_is_deleted(member):
    other = let_in(member)
    opening.let_go(other, by=member)
    assert "accounts without a space: 1" in told(dry_run=True)
    assert "Erased: 1 accounts without a space" in told()
    assert not User.objects.filter(pk=other.user_id).exists()
    assert User.objects.of_mailbox(member.user.mailbox)


def test_one_that_the_trail_names_is_emptied_until_its_lines_are_gone(member):
    other = let_in(member)
    browser = Client()
    entering.enter(browser, member.user)
    opening.let_go(member, by=member)
    assert forgetting.forget() == 1 and forgetting.forget() == 0
    row = User.objects.get(pk=member.user_id)
    assert not row.is_active and row.address == "" and row.email.startswith("gone-")
    assert not row.sessions.exists() and alias(cast.UNION) != row.email
    assert browser.get("/organisations/").status_code == 302
    assert Membership.objects.get() == other
    assert let_in(other, cast.UNION).user_id != row.pk


def test_a_trial_that_signs_nothing_ends(db):
    member = opening.open_invited(cast.invited(cast.clean_rivers()), country="PT", website="")
    assert forgetting.forget() == 0
    forgetting.forget(at=timezone.now() + forgetting.TRIAL_KEPT + timedelta(days=1))
    assert not Membership.objects.exists() and not Organisation.objects.exists()
    assert User.objects.of_mailbox(cast.UNION) is None and not User.objects.get(pk=member.user_id).is_active


def told(**options):
    out = StringIO()
    call_command("forget", stdout=out, **options)
    return out.getvalue()
