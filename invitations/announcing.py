"""Founding signatories: who has agreed beforehand is named as announced until it confirms, or says no."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.models import User
from invitations import inviting
from invitations.models import Announced, Attempt, Invitation
from letters.models import Letter

logger = logging.getLogger(__name__)


class AtRisk(Exception):
    """Under a letter at risk nobody is named who has not said so here."""


def announce(letter: Letter, *, by: User) -> tuple[int, int]:
    """Write to the founders that are prepared; the page names each once its mail has left.

    Returns how many mails leave, and how many stay for another day. Raises AtRisk, LetterNotOpen.
    """
    if letter.is_at_risk():
        raise AtRisk(letter)
    return inviting.send(letter, by=by, founders=True)


def is_named(invitation: Invitation) -> bool:
    """Whether the letter's page names the organisation as announced."""
    named = Invitation.objects.announced(invitation.letter)
    return named.filter(pk=invitation.pk).exists()


@transaction.atomic
def take_back(letter: Letter, *, public_id: str, by: User) -> bool:
    """Announce an organisation no more, and under this letter never again; its invitation stays.

    Whoever announced it, any owner takes it back. Returns whether it was announced.
    """
    rows = letter.invitations.founders().posted().filter(public_id=public_id)
    taken = rows.update(evidence=None, announced_until=None)
    if taken:
        trail.record("announcement taken back", about=letter, by=by)
        settle(letter)
    return bool(taken)


@transaction.atomic
def settle(letter: Letter, *, at: datetime | None = None) -> int:
    """End what has been answered or is over, and write down how many are announced. Returns how many."""
    at = at or timezone.now()
    Announced.objects.get_or_create(letter=letter)
    tally = Announced.objects.select_for_update().get(letter=letter)
    named = Invitation.objects.filter(letter=letter, announced_until__isnull=False)
    confirmed = Attempt.objects.filter(signature__confirmed_at__isnull=False, invitation__in=named)
    (named.filter(announced_until__lte=at) | named.filter(pk__in=confirmed.values("invitation"))).update(
        announced_until=None
    )
    tally.number = Invitation.objects.announced(letter, at).count()
    tally.save(update_fields=["number"])
    return tally.number


def settle_all(*, at: datetime | None = None) -> int:
    """Settle every letter that names somebody, or has until now. Returns how many letters."""
    named = Invitation.objects.filter(announced_until__isnull=False).values("letter")
    letters = Letter.objects.select_related("current")
    due = letters.filter(pk__in=named) | letters.filter(announced__number__gt=0)
    for letter in due.distinct():
        settle(letter, at=at)
    return len(due)
