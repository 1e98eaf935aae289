"""Accounts of who speaks for no organisation any more, spaces opened in vain, what nobody confirmed."""

import logging
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet
from django.utils import timezone

from accounts import sessions
from accounts.models import NOWHERE, Trail, User
from signatories import erasing
from spaces import pairing, seconding, speaking
from spaces.models import Membership

logger = logging.getLogger(__name__)

TRIAL_KEPT = timedelta(days=60)  # of who was only invited, and signs nothing
GONE = "gone-"


def forget(*, at: datetime | None = None) -> int:
    """Forget what is over at the moment `at` (default: now). Returns how many accounts."""
    at = at or timezone.now()
    for member in Membership.objects.filter(by_invitation=True, since__lte=at - TRIAL_KEPT):
        _end_trial(member)
    seconding.forget_lapsed()
    pairing.end_lapsed()
    forgotten = sum(_forget(user) for user in strays())
    if forgotten:
        logger.info("%s accounts of nobody's speakers forgotten", forgotten)
    return forgotten


def strays() -> QuerySet[User]:
    """Accounts without a membership; of those that are emptied only what no line of the trail names now."""
    named = Trail.objects.filter(who=OuterRef("pk"))
    nobodys = User.objects.filter(works_here=False, memberships=None)
    return nobodys.exclude(Exists(named), email__startswith=GONE)


@transaction.atomic
def _end_trial(member: Membership) -> None:
    if speaking.signatures_of(member.organisation).exists():
        return  # a moderator has still to look at it
    member.delete()
    erasing.forget_organisations([member.organisation_id])


@transaction.atomic
def _forget(user: User) -> int:
    """Delete the account; one that the trail or evidence names by its number is emptied, until those go."""
    row = User.objects.select_for_update().filter(pk=user.pk, works_here=False).first()
    if row is None or row.memberships.exists():
        return 0  # somebody has let them in, or given them a role, meanwhile
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        if row.email.startswith(GONE):
            return 0
        _empty(row)
    return 1


def _empty(user: User) -> None:
    sessions.end(user, but=None)
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.email, user.address, user.name = f"{GONE}{user.pk}@{NOWHERE}", "", ""
    user.is_active = False
    user.save(update_fields=["email", "address", "name", "is_active", "password"])
