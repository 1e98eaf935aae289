"""Looking back at what was confirmed: crowds that nobody saw while they came one by one.

What was confirmed counts already, so whatever is held here leaves roll, count and list again, until a
moderator has looked at it. Nothing is deleted.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from statistics import median

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from letters.models import Letter
from outbox import alerting
from outbox.models import Alert
from scrutiny import gathering, limits, nights
from scrutiny.gauging import Limits
from signatories import telling
from signatories.judging import alarming, suspecting
from signatories.judging.alarming import Alarm, Seen
from signatories.models import CONFIRM_AT_MOST, Signature

WINDOW = timedelta(minutes=15)
WINDOWS = 4  # so that a sweep that was missed is made up for
DAY = timedelta(days=1)
DAYS_COMPARED = 7
ANSWERED = (timedelta(hours=24), timedelta(hours=1))

logger = logging.getLogger(__name__)


def sweep(*, at: datetime | None = None) -> int:
    """Look at the last hour of every letter. Returns how many signatures are held now and were not."""
    at = at or timezone.now()
    moved = limits.limits(*limits.SWEEP)
    return sum(_sweep_letter(letter, at=at, limits=moved) for letter in Letter.objects.public())


def _sweep_letter(letter: Letter, *, at: datetime, limits: Limits) -> int:
    rows = _confirmed(letter, since=at - WINDOWS * WINDOW, until=at)
    if not rows:
        return 0
    held = Counter({alarm.reason: 0 for alarm in _now(letter, rows, at=at, limits=limits)})
    for alarm in _naming(letter, rows, at=at, limits=limits):
        if new := suspecting.hold(_belonging(letter, alarm, at=at), reason=alarm.reason):
            held[alarm.reason] += new
    if held:
        _tell(letter, held)
    return held.total()


def _confirmed(letter: Letter, *, since: datetime, until: datetime) -> list[Seen]:
    rows = _looked_at(letter, since=since, until=until)
    return [Seen(*row) for row in rows.values_list(*Seen._fields)]


def _looked_at(letter: Letter, *, since: datetime, until: datetime) -> QuerySet[Signature]:
    """What was confirmed in a span of time and not rejected since; held or not, so crowds keep their size."""
    rows = letter.signatures.confirmed().filter(
        confirmed_at__gte=since, confirmed_at__lt=until, rejected_at=None
    )
    return rows.exclude(clues__is_at_home=True).order_by()  # a developer's own machine is no crowd


def _naming(letter: Letter, rows: Sequence[Seen], *, at: datetime, limits: Limits) -> Iterator[Alarm]:
    """The alarms that name signatures, of each quarter of the last hour and of the last day."""
    for number in range(WINDOWS):
        until = at - number * WINDOW
        window = [row for row in rows if until - WINDOW <= row.confirmed_at < until]
        yield from _in_window(letter, window, until=until, limits=limits)
    for country, moments in _last_day(letter, at=at, fewest=limits["nights_looked_at"]):
        zones = nights.zones(country, at=at)
        yield from alarming.no_night(moments, zones=zones, limits=limits)


def _last_day(letter: Letter, *, at: datetime, fewest: int) -> Iterator[tuple[str, dict[int, datetime]]]:
    """When the signatures of the last day were confirmed, for each country that has so many."""
    rows = _looked_at(letter, since=at - DAY, until=at)
    counts = rows.values_list("country").annotate(number=Count("pk"))
    for country, _number in counts.filter(number__gte=max(fewest, 1)):
        moments = rows.filter(country=country).values_list("pk", "confirmed_at")
        yield country, {number: moment for number, moment in moments if moment}


def _in_window(letter: Letter, rows: Sequence[Seen], *, until: datetime, limits: Limits) -> Iterator[Alarm]:
    """The alarms that name signatures of a quarter of an hour."""
    since = until - WINDOW
    hosts = gathering.hosts(letter, since=since, until=until)
    yield from alarming.one_domain(rows, hosts=hosts, limits=limits)
    if not gathering.is_on(letter, since=since, until=until):
        yield from alarming.one_network(rows, limits=limits)
    yield from alarming.too_fast(rows, limits=limits)
    if len(alarming.late(rows, limits=limits)) > limits["aged"]:
        usual = _usually_late(letter, until=since, limits=limits)
        yield from alarming.aged(rows, usual=usual, limits=limits)


def _now(letter: Letter, rows: Sequence[Seen], *, at: datetime, limits: Limits) -> Iterator[Alarm]:
    """The alarms that name none, raised while what they tell of goes on."""
    count = sum(row.confirmed_at >= at - WINDOW for row in rows)
    if count > limits["surge"] and not gathering.is_on(letter, since=at - WINDOW, until=at):
        yield from alarming.surge(count, usual=_usual(letter, at=at), limits=limits)
    confirmed, mailed = _answered(letter, at=at)
    yield from alarming.answers(confirmed=confirmed, mailed=mailed, limits=limits)


def _usual(letter: Letter, *, at: datetime) -> float:
    """What a quarter of an hour brings at this time of the day: the median of the last seven days."""
    days = [at - timedelta(days=day) for day in range(1, DAYS_COMPARED + 1)]
    confirmed = letter.signatures.confirmed()
    counts = [
        confirmed.filter(confirmed_at__gte=day - 4 * WINDOW, confirmed_at__lt=day).count() for day in days
    ]
    return median(counts) / 4


def _usually_late(letter: Letter, *, until: datetime, limits: Limits) -> float:
    """How many confirm late in a quarter of an hour: the median of the day before, mostly nobody."""
    quarters = timedelta(days=1) // WINDOW
    late = letter.signatures.confirmed().filter(
        confirmed_at__gte=until - timedelta(days=1),
        confirmed_at__lt=until,
        confirmed_at__gt=F("mailed_at") + timedelta(hours=limits["aged_hours"]),
    )
    moments = late.order_by().values_list("confirmed_at", flat=True)
    counts = Counter((until - moment) // WINDOW for moment in moments.iterator() if moment)
    return median(counts[quarter] for quarter in range(quarters))


def _answered(letter: Letter, *, at: datetime) -> tuple[int, int]:
    """Of the mails that left 1 to 24 hours ago: how many were answered, and how many there were."""
    first, last = (at - ago for ago in ANSWERED)
    signatures = letter.signatures.filter(mailed_at__gte=first, mailed_at__lt=last)
    # two questions, since there is an index for each
    confirmed = signatures.filter(confirmed_at__gte=first).count()
    unanswered = signatures.filter(
        confirmed_at=None, erased_at=None, deleted_at=None, created_at__gte=first - CONFIRM_AT_MOST
    ).count()
    return confirmed, confirmed + unanswered


def _belonging(letter: Letter, alarm: Alarm, *, at: datetime) -> QuerySet[Signature]:
    """The signatures of an alarm, those that are like them, and attempts that only wait to be confirmed."""
    named = Q(pk__in=alarm.rows)
    if alarm.alike:
        named |= alarm.alike & (Q(confirmed_at=None) | Q(confirmed_at__gte=at - WINDOWS * WINDOW))
    return letter.signatures.filter(named).only("pk")


@transaction.atomic
def _tell(letter: Letter, held: Counter[str]) -> None:
    """One alert a letter, with what holds most. Those who look after the letter get a mail, once an hour.

    An alarm that goes on and holds nobody else is not mailed again.
    """
    [(reason, _count)] = held.most_common(1)
    about = f"letter {letter.pk}"
    is_known = Alert.objects.open().filter(kind=telling.ALARM, about=about).exists()
    logger.warning("%s: %s alarms, %s signatures held", about, len(held), held.total())
    is_said = alerting.raise_alert(telling.ALARM, about=about, reason=reason)
    if is_said and (held.total() or not is_known):
        telling.tell(letter, telling.ALARM)
