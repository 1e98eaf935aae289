"""A second look at some that passed by themselves: nobody can tell which are drawn; counted by the week."""

import logging
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts import trail
from accounts.models import User
from letters.models import Letter
from signatories import moderating, signing
from signatories.models import Decision, SecondLook, Signature
from signatories.models.looks import SecondLookQuerySet
from vault.indexing import blind_index

logger = logging.getLogger(__name__)

IN_100 = 5
DAYS = timedelta(days=7)
BATCH = 1000
TAKEN = gettext_noop("Taken into the queue at a second look.")

Outcome = SecondLook.Outcome


class LookedAtAlready(Exception):
    """Somebody was quicker, or it does not stand any more."""


class Looks(NamedTuple):
    """How many were looked at again, and how many of them should not have passed."""

    taken: int
    overturned: int

    @property
    def in_100(self) -> int:
        return round(100 * self.overturned / self.taken) if self.taken else 0


def draw(*, at: datetime | None = None) -> int:
    """Draw from those confirmed yesterday (UTC); the same ones however often. Returns how many are new."""
    day = (at or timezone.now()).astimezone(UTC).date() - timedelta(days=1)
    since = datetime(day.year, day.month, day.day, tzinfo=UTC)
    held = Decision.objects.filter(signature=OuterRef("pk"), verdict=Decision.Verdict.HOLD)
    passed = Signature.objects.standing().filter(
        ~Exists(held), confirmed_at__gte=since, confirmed_at__lt=since + timedelta(days=1), second_look=None
    )
    drawn = [
        SecondLook(signature_id=pk, day=day)
        for pk, public_id in passed.order_by("pk").values_list("pk", "public_id").iterator(BATCH)
        if is_drawn(public_id, day)
    ]
    SecondLook.objects.bulk_create(drawn, batch_size=BATCH, ignore_conflicts=True)
    logger.info("%s signatures drawn for a second look", len(drawn))
    return len(drawn)


def is_drawn(public_id: str, day: date) -> bool:
    """Whether one is among the five in a hundred of its day: only who has the key can tell."""
    return int(blind_index("second look", f"{day}:{public_id}")[:12], 16) % 100 < IN_100


def due(letter: Letter) -> SecondLookQuerySet:
    """What under the letter waits for a second look, the oldest first."""
    return SecondLook.objects.due().filter(signature__letter=letter).select_related("signature")


@transaction.atomic
def find_fine(look: SecondLook, *, by: User) -> None:
    """Say that it passed rightly; nothing else changes. Raises LookedAtAlready."""
    _end(_locked(look), Outcome.FINE, by=by)


@transaction.atomic
def take_into_queue(look: SecondLook, *, by: User) -> None:
    """Have it wait for a decision: it counts no more until then. Raises LookedAtAlready."""
    row = _locked(look)
    signature = row.signature
    signature.held_at = timezone.now()
    moderating.settle(signature, {"held_at"})
    Decision.objects.create(signature=signature, verdict=Decision.Verdict.HOLD, by=by, reason=TAKEN)
    _end(row, Outcome.QUEUED, by=by)


@transaction.atomic
def reject(look: SecondLook, *, by: User, reason: str, ground: str) -> None:
    """Take it out; it can be reinstated from the decisions. Raises LookedAtAlready, ReasonMissing."""
    if not reason.strip():
        raise moderating.ReasonMissing(look)
    row = _locked(look)
    moderating.invalidate(row.signature, by=by, reason=reason, ground=ground)
    _end(row, Outcome.REJECTED, by=by)


def of_week(letter: Letter, *, at: datetime | None = None) -> Looks:
    """What came of the second looks within the last seven days."""
    since = (at or timezone.now()) - DAYS
    rows = SecondLook.objects.filter(signature__letter=letter, at__gt=since).order_by().values("outcome")
    found = {row["outcome"]: row["number"] for row in rows.annotate(number=Count("pk"))}
    taken = sum(found.values())
    return Looks(taken, taken - found.get(Outcome.FINE, 0))


def _locked(look: SecondLook) -> SecondLook:
    """The look with its signature, both locked, if it is still due: the signature first, as others do."""
    signature = signing.locked(look.signature)
    row = SecondLook.objects.select_for_update().filter(pk=look.pk, outcome="").first()
    if row is None or not signature.is_standing() or signature.erased_at:
        raise LookedAtAlready(look)
    row.signature = signature
    return row


def _end(row: SecondLook, outcome: Outcome, *, by: User) -> None:
    row.outcome, row.by, row.at = outcome, by, timezone.now()
    row.save(update_fields=["outcome", "by", "at"])
    signature = row.signature
    trail.record(f"second look: {outcome.value}", about=signature, by=by, letter=signature.letter_id)
