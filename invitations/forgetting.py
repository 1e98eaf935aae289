"""Erase what is known of the invited when its time is over, or that of what they signed."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from invitations.emails import KINDS
from invitations.models import Attempt, Invitation, InvitationQuerySet
from outbox.models import Message

logger = logging.getLogger(__name__)

CLOSED_KEPT = timedelta(days=30)  # after the letter closes
ENDLESS_KEPT = timedelta(days=365)  # under a letter without a closing date
PREPARED_KEPT = timedelta(days=30)  # what nobody sends
DECLINED_KEPT = timedelta(days=14)  # name and address; the mark stays, so that nobody asks again
BATCH = 500


def forget(*, at: datetime | None = None) -> int:
    """Erase whatever is over at the moment `at` (default: now). Returns of how many invitations."""
    at = at or timezone.now()
    untie(at)
    erased = declined(at).update(name=None, email=None, evidence=None)
    while batch := list(over(at).values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            Message.objects.filter(kind__in=KINDS, subject__in=batch).delete()
            Invitation.objects.filter(pk__in=batch).delete()
        erased += len(batch)
    if erased:
        logger.info("%s invitations forgotten", erased)
    return erased


@transaction.atomic
def untie(at: datetime) -> None:
    """Keep no invitation tied to a signature that is erased: by its name that would be one of somebody again.

    Who has withdrawn, or was rejected, counts as having declined.
    """
    erased = Attempt.objects.filter(signature__erased_at__isnull=False)
    ended = Q(signature__withdrawn_at__isnull=False) | Q(signature__rejected_at__isnull=False)
    said_no = erased.filter(ended, signature__confirmed_at__isnull=False)
    Invitation.objects.filter(pk__in=said_no.values("invitation")).say_no(at)
    erased.filter(Q(signature__confirmed_at=None) | ended).delete()


def declined(at: datetime) -> InvitationQuerySet:
    """Who said no, or was not mailed, long enough ago to be forgotten by name and address."""
    ended = at - DECLINED_KEPT
    named = Invitation.objects.filter(email__isnull=False)
    return named.filter(Q(declined_at__lte=ended) | Q(not_mailed_at__lte=ended))


def over(at: datetime) -> InvitationQuerySet:
    """What is needed no more at all."""
    return Invitation.objects.distinct().filter(
        Q(letter__closes_at__lte=at - CLOSED_KEPT)
        | Q(letter__closes_at=None, posted_at__lte=at - ENDLESS_KEPT)
        | Q(posted_at=None, created_at__lte=at - PREPARED_KEPT)
        | Q(attempts__in=Attempt.objects.filter(signature__erased_at__isnull=False))
    )
