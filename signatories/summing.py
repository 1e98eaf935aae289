"""What moderators did within seven days, in numbers: for the weekly mail to who looks after a letter."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.utils import timezone

from letters.models import Letter
from signatories import looking, queue
from signatories.judging import reviewing
from signatories.models import Decision, SecondLook

Verdict = Decision.Verdict


class Week(NamedTuple):
    """Decisions of people that lasted; what of the holds was let go; second looks; what waits now."""

    approved: int
    rejected: int
    asked: int
    rate: reviewing.Rate | None
    looks: looking.Looks
    waiting: dict[str, Any] | None

    @property
    def is_empty(self) -> bool:
        return not (self.approved or self.rejected or self.asked or self.rate or self.looks.taken)


def week(letter: Letter, *, at: datetime | None = None) -> Week:
    """The last seven days under the letter."""
    made = _made(at).filter(signature__letter=letter)
    counts = made.aggregate(
        approved=Count("pk", filter=Q(verdict__in=[Verdict.APPROVE, Verdict.REINSTATE])),
        rejected=Count("pk", filter=Q(verdict=Verdict.REJECT)),
        asked=Count("pk", filter=Q(verdict=Verdict.ASK)),
    )
    return Week(
        **counts,
        rate=reviewing.rate(letter, at=at),
        looks=looking.of_week(letter, at=at),
        waiting=queue.waiting_of({letter.pk}).get(letter.pk),
    )


def busy(*, at: datetime | None = None) -> list[Letter]:
    """The letters under which anybody has decided or looked again within seven days."""
    looked = SecondLook.objects.filter(at__gt=_since(at)).values("signature__letter")
    decided = _made(at).order_by().values("signature__letter")
    return list(Letter.objects.filter(Q(pk__in=looked) | Q(pk__in=decided)).order_by("pk"))


def _made(at: datetime | None) -> Any:
    return Decision.objects.lasting().filter(at__gt=_since(at), by__isnull=False)


def _since(at: datetime | None) -> datetime:
    return (at or timezone.now()) - looking.DAYS
