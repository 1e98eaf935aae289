"""What became of every attempt to sign a letter, in numbers that add up and tell of nobody.

The clock counts, readers do not: one statement, so one moment, puts each row of a letter into exactly one
of these fates. Attempts whose rows are gone by now are remembered as numbers, so that none is lost.
"""

import logging
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from letters.models import Letter
from signatories.models import CONFIRM_AT_MOST, Decision, Entry, Reckoning, Signature, Tally

logger = logging.getLogger(__name__)

EVERY = timedelta(minutes=5)
STEP = 10  # of a letter at risk, groups are told of in steps of so many, and no smaller one
PENDING, LAPSED, REFUSED = "pending", "lapsed", "refused"
COUNTED, ENTERING, HELD, REMOVED, WITHDRAWN = "counted", "entering", "held", "removed", "withdrawn"
UNCONFIRMED = (PENDING, LAPSED, REFUSED)
CONFIRMED = (COUNTED, ENTERING, HELD, REMOVED, WITHDRAWN)
MAILED, BOUNCED = "mailed", "bounced"
TYPE = "type_"
AGES = {
    "waits_hour": timedelta(hours=1),
    "waits_day": timedelta(days=1),
    "waits_three_days": timedelta(days=3),
    "waits_week": timedelta(days=7),
    "waits_longer": timedelta.max,
}  # how long what waits for a moderator has waited, below each


def _fate(at: datetime) -> Case:
    """In which of the fates a row is. What has a living line on the roll is counted; else its moments tell.

    The two differ only in what the clock has not settled yet, so only there the roll itself is asked.
    An attempt that nobody confirms is pending for the longest time it could be, whatever ended it: when
    attempts end depends on what the owner of their address has done, which a stranger who made them with
    that address must not learn.
    """
    line = Entry.objects.filter(signature=OuterRef("pk"), left_by=None)
    standing = Q(withdrawn_at=None, held_at=None, rejected_at=None)
    whens = [
        When(confirmed_at=None, rejected_at__isnull=False, then=Value(REFUSED)),
        When(confirmed_at=None, created_at__gt=at - CONFIRM_AT_MOST, then=Value(PENDING)),
        When(confirmed_at=None, then=Value(LAPSED)),
        When(standing & Q(unsettled_at=None), then=Value(COUNTED)),
        When(Q(unsettled_at__isnull=False) & Exists(line), then=Value(COUNTED)),
        When(withdrawn_at__isnull=False, then=Value(WITHDRAWN)),
        When(rejected_at__isnull=False, then=Value(REMOVED)),
        When(held_at__isnull=False, then=Value(HELD)),
    ]
    return Case(*whens, default=Value(ENTERING), output_field=CharField())


def _ground() -> Case:
    """On which ground a row was removed; rejections of old name none."""
    rejections = Decision.objects.filter(signature=OuterRef("pk"), verdict=Decision.Verdict.REJECT)
    ground = Subquery(rejections.order_by("-at", "-pk").values("ground")[:1])
    return Case(When(fate=REMOVED, then=ground), default=Value(""), output_field=CharField())


def _counts(rows: QuerySet[Signature], at: datetime) -> Counter[str]:
    """How many of the rows are in each fate; what is removed stands under its ground."""
    counted = rows.order_by().annotate(fate=_fate(at)).annotate(ground=_ground())
    counts: Counter[str] = Counter()
    for fate, ground, number in counted.values_list("fate", "ground").annotate(Count("pk")):
        counts[f"{REMOVED}_{ground or Decision.Ground.OTHER}" if fate == REMOVED else fate] += number
    return counts


def _mails(rows: QuerySet[Signature]) -> Counter[str]:
    """To how many of the rows a mail has left, and from how many it came back."""
    mailed = Q(mailed_at__isnull=False) | Q(confirmed_at__isnull=False)
    return Counter(
        rows.order_by().aggregate(
            mailed=Count("pk", filter=mailed), bounced=Count("pk", filter=Q(bounced_at__isnull=False))
        )
    )


def _waiting(letter: Letter, at: datetime) -> Counter[str]:
    """How many wait for a moderator, by how long they have."""
    moments = letter.signatures.waiting().order_by().values_list("waits_since", flat=True)  # type: ignore[misc]
    return Counter(next(age for age, end in AGES.items() if at - since < end) for since in moments)


def _types(letter: Letter) -> Counter[str]:
    """How many organisations on the roll are of each type that the directory knows."""
    entries = Entry.objects.filter(signature__letter=letter, left_by=None)
    types = entries.order_by().values_list("signature__organisation__type").annotate(Count("pk"))
    return Counter({f"{TYPE}{kind}": number for kind, number in types if kind})


@transaction.atomic
def reckon(letter: Letter, *, at: datetime | None = None) -> Reckoning:
    """Count the letter's signatures as of now and write that down."""
    reckoning = _locked(letter.pk)
    reckoning.as_of = at or timezone.now()
    reckoning.counts = dict(_counts(letter.signatures.all(), reckoning.as_of))
    reckoning.desk = dict(
        _mails(letter.signatures.all()) + _waiting(letter, reckoning.as_of) + _types(letter)
    )
    reckoning.save(update_fields=["as_of", "counts", "desk"])
    return reckoning


def reckon_due(*, at: datetime | None = None) -> int:
    """Count the ordinary letters not counted for five minutes; those at risk are counted with their batches.

    Returns how many letters were counted.
    """
    at = at or timezone.now()
    ordinary = Letter.objects.public().exclude(risk=Letter.Risk.AT_RISK)
    due = list(ordinary.exclude(reckoning__as_of__gt=at - EVERY))
    for letter in due:
        reckon(letter, at=at)
    return len(due)


def remember(signatures: Collection[int], *, at: datetime) -> None:
    """Keep the fates of rows that the caller deletes, as of the moment `at`, as numbers of their letters."""
    rows = Signature.objects.filter(pk__in=signatures)
    for letter in sorted(set(rows.order_by().values_list("letter", flat=True))):
        reckoning = _locked(letter)
        mine = rows.filter(letter=letter)
        reckoning.gone = dict(Counter(reckoning.gone) + _counts(mine, at) + _mails(mine))
        reckoning.save(update_fields=["gone"])


def _locked(letter: int) -> Reckoning:
    """One that counts and one that deletes wait for each other, so that no row is counted twice or never."""
    Reckoning.objects.get_or_create(letter_id=letter)
    return Reckoning.objects.select_for_update().get(letter_id=letter)


@dataclass(frozen=True)
class Figure:
    """One number to show: exact, at least so much, or of few, which is all that is told."""

    number: int
    is_few: bool = False
    is_at_least: bool = False


@dataclass(frozen=True)
class Figures:
    """Every number of a letter's integrity page, and those of its desk, as of one moment."""

    as_of: datetime
    submitted: Figure
    pending: Figure
    lapsed: Figure
    refused: Figure
    confirmed: Figure
    counted: Figure
    entering: Figure
    held: Figure
    removed: Figure
    grounds: list[tuple[str, Figure]]
    withdrawn: Figure
    mailed: Figure
    bounced: Figure
    ages: dict[str, Figure]
    types: dict[str, int]


def counted_at(letter: Letter) -> datetime | None:
    """When the letter's numbers were last counted."""
    return Reckoning.objects.filter(letter=letter).values_list("as_of", flat=True).first()


def figures(letter: Letter) -> Figures | None:
    """The letter's numbers as they were last counted; None before that.

    Of a letter at risk, groups below ten are not told, larger ones in steps of ten (else who adds ten of
    their own sees the next one come), nor sums from which more could be worked out; the count itself is
    public anyway.
    """
    reckoning = Reckoning.objects.filter(letter=letter, as_of__isnull=False).first()
    if reckoning is None or reckoning.as_of is None:
        return None
    counts = Counter(reckoning.counts) + Counter(reckoning.gone)
    desk = Counter(reckoning.desk) + Counter(reckoning.gone)
    cell = {fate: figure(letter, counts[fate]) for fate in (*UNCONFIRMED, *CONFIRMED)}
    cell[COUNTED] = Figure(counts[COUNTED])
    grounds = [
        (str(ground.label), figure(letter, counts[f"{REMOVED}_{ground.value}"])) for ground in Decision.Ground
    ]
    cell[REMOVED] = _sum(figure for _, figure in grounds)
    confirmed = _sum(cell[fate] for fate in CONFIRMED)
    return Figures(
        as_of=reckoning.as_of,
        submitted=_sum([*(cell[fate] for fate in UNCONFIRMED), confirmed]),
        confirmed=confirmed,
        grounds=grounds,
        mailed=figure(letter, desk[MAILED]),
        bounced=figure(letter, desk[BOUNCED]),
        ages={age: figure(letter, desk[age]) for age in AGES},
        types={key.removeprefix(TYPE): n for key, n in reckoning.desk.items() if key.startswith(TYPE)},
        **cell,
    )


def _sum(parts: Iterable[Figure]) -> Figure:
    """What is told of the parts together gives away no part that is not told."""
    parts = list(parts)
    told = sum(part.number for part in parts if not part.is_few)
    return Figure(told, is_at_least=any(part.is_few or part.is_at_least for part in parts))


def figure(letter: Letter, number: int) -> Figure:
    """What may be told of a group so large; see `figures`."""
    if not letter.is_at_risk():
        return Figure(number)
    told = _in_steps(number)
    return Figure(told, is_at_least=True) if told else Figure(number, is_few=True)


def split(letter: Letter, tally: Tally) -> tuple[int, int] | None:
    """How many persons and how many organisations are told of; None if that says too much of either.

    Under letters at risk, neither group may be smaller than ten, and both are told in steps of ten.
    """
    if not letter.is_at_risk():
        return tally.persons, tally.organisations
    persons, organisations = _in_steps(tally.persons), _in_steps(tally.organisations)
    return (persons, organisations) if persons and organisations else None


def _in_steps(number: int) -> int:
    return number // STEP * STEP
