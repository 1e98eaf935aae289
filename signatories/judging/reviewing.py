"""How often the machine was wrong: what became of the signatures that it held and a moderator has decided.

Organisations and those who claim a title or an office are looked at by a person whatever speaks for them,
and most are let go: those are left out, since nobody was suspected.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_noop

from letters.models import Letter
from outbox import alerting
from scrutiny import gauging, limits, reasons
from signatories.judging import suspecting
from signatories.models import Decision

DAYS = timedelta(days=7)
ALERT = "restored"
LIMITS = ("restored_in_100", "restored_of_decided")
OFTEN_WRONG = gettext_noop(
    "Many signatures that were held by themselves were let go again by moderators. Is a limit too low?"
)
BY_RULE = frozenset(
    {
        suspecting.ORGANISATION_WAITS,
        suspecting.NOTHING_CARRIES,
        *(reasons.SENTENCES[code] for code in gauging.CLAIMS),
    }
)

Verdict = Decision.Verdict


class Rate(NamedTuple):
    """Of the signatures held for a suspicion and decided since: how many, and how many stand after all."""

    decided: int
    restored: int

    def is_high(self, most: gauging.Limits) -> bool:
        is_enough = self.decided >= most["restored_of_decided"]
        return is_enough and self.restored * 100 > most["restored_in_100"] * self.decided


def rates(*letters: Letter, at: datetime | None = None) -> dict[int, Rate]:
    """The rate of the last seven days under each letter (its id), or under these; without any: no entry."""
    decided: Counter[int] = Counter()
    restored: Counter[int] = Counter()
    for letter, held_for, verdict, is_reinstated, number in _decided(letters, since=_from(at)):
        if BY_RULE.isdisjoint(held_for.splitlines()):
            decided[letter] += number
            restored[letter] += number if verdict == Verdict.APPROVE or is_reinstated else 0
    return {letter: Rate(number, restored[letter]) for letter, number in decided.items()}


def rate(letter: Letter, *, at: datetime | None = None) -> Rate | None:
    """The rate of one letter; None if nothing of it was decided."""
    return rates(letter, at=at).get(letter.pk)


def look(*, at: datetime | None = None) -> list[Letter]:
    """Alert of letters where more is let go than may be, and end what is over. Returns those with a rate."""
    most, found = limits.limits(*LIMITS), rates(at=at)
    for letter, seen in found.items():
        about = f"letter {letter}"
        if seen.is_high(most):
            alerting.raise_alert(ALERT, about=about, reason=OFTEN_WRONG)
        else:
            alerting.end(ALERT, about=about)
    return list(Letter.objects.filter(pk__in=found).order_by("pk"))


def _from(at: datetime | None) -> datetime:
    return (at or timezone.now()) - DAYS


def _decided(letters: tuple[Letter, ...], *, since: datetime) -> Iterator[tuple[int, str, str, bool, int]]:
    """Letter, reason, verdict, whether it was reinstated later, and how many were decided so.

    Only what answers a holding directly: a report or a correction that is decided later is another matter.
    """
    same = Decision.objects.lasting().filter(signature=OuterRef("signature")).exclude(verdict=Verdict.ASK)
    before = same.filter(pk__lt=OuterRef("pk")).order_by("-pk")
    later = same.filter(pk__gt=OuterRef("pk"), verdict=Verdict.REINSTATE)
    answers: QuerySet[Decision] = Decision.objects.lasting().filter(
        at__gt=since, by__isnull=False, verdict__in=[Verdict.APPROVE, Verdict.REJECT]
    )
    if letters:
        answers = answers.filter(signature__letter__in=letters)
    answers = answers.annotate(
        answered=Subquery(before.values("verdict")[:1]),
        held_by=Subquery(before.values("by")[:1]),
        held_for=Subquery(before.values("reason")[:1]),
        is_reinstated=Exists(later),
    ).filter(answered=Verdict.HOLD, held_by=None)
    alike = answers.order_by().values_list("signature__letter", "held_for", "verdict", "is_reinstated")
    yield from alike.annotate(number=Count("pk"))
