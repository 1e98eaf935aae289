"""What no crowd of people does by itself, looked for in what was confirmed in a quarter of an hour, or a day.

A function an alarm. Each says in words what was seen and which signatures share it: those and no others
are put before a moderator. Many at once, or many from one network, are a good day and nothing else.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext_noop as _

from scrutiny import nights, providers
from scrutiny.gauging import Limits

SURGE = _("Far more signatures than usual were confirmed within a quarter of an hour.")
ONE_DOMAIN = _(
    "Within a quarter of an hour many signatures with addresses at one mail domain were confirmed."
)
ONE_NETWORK = _(
    "Within a quarter of an hour many signatures from one network were confirmed that share more than it."
)
TOO_FAST = _("Most signatures of a quarter of an hour were confirmed within seconds of their mail.")
AGED = _("Many signatures were confirmed together, a day or more after their mail.")
NO_NIGHT = _("From one country as many signatures were confirmed by night as by day, as if nobody slept.")
FEW_ANSWER = _("Few of those who were sent a mail confirm their signature.")
ALL_ANSWER = _("Nearly everybody who was sent a mail confirms; of people, some always forget it.")


class Seen(NamedTuple):
    """What is looked at of a confirmed signature."""

    pk: int
    network: str | None
    domain: str | None
    score: int | None
    mailed_at: datetime | None
    confirmed_at: datetime

    @property
    def delay(self) -> float | None:
        """How many seconds its owner took to confirm."""
        return (self.confirmed_at - self.mailed_at).total_seconds() if self.mailed_at else None

    @property
    def is_at_provider(self) -> bool:
        """Whether its mail domain tells nothing: everybody may have an address there, or it is not known."""
        return self.domain is None or providers.is_provider_index(self.domain)


@dataclass(frozen=True)
class Alarm:
    """A sentence for moderators and which signatures it is about; none: only a reason to look.

    `rows` are ids. `alike` finds what belongs to the same, confirmed some minutes before or not yet.
    """

    reason: str
    rows: frozenset[int] = frozenset()
    alike: Q | None = None


def surge(count: int, *, usual: float, limits: Limits) -> Iterator[Alarm]:
    """Many at once, whoever they are. It holds nobody: that is what every letter hopes for."""
    if count > max(limits["surge"], limits["surge_times_usual"] * usual):
        yield Alarm(SURGE)


def one_domain(rows: Sequence[Seen], *, hosts: Container[str], limits: Limits) -> Iterator[Alarm]:
    """Many at a mail domain that is no large provider's, and of no host of a gathering."""
    at_domain = Counter(row.domain for row in rows if not row.is_at_provider)
    for domain, count in at_domain.items():
        is_much = count > limits["at_one_domain"] and is_share(count, rows, limits["at_one_domain_in_100"])
        if domain and is_much and domain not in hosts:
            same = frozenset(row.pk for row in rows if row.domain == domain)
            yield Alarm(ONE_DOMAIN, same, Q(domain=domain))


def one_network(rows: Sequence[Seen], *, limits: Limits) -> Iterator[Alarm]:
    """Many from one network that share something else as well. The network alone tells nothing."""
    by_network = defaultdict(list)
    for row in rows:
        if row.network:
            by_network[row.network].append(row)
    for network, same in by_network.items():
        if len(same) > limits["from_one_network"]:
            yield from _suspected(network, same, limits)
            yield from _at_few_domains(network, same, limits)


def _suspected(network: str, rows: Sequence[Seen], limits: Limits) -> Iterator[Alarm]:
    """Each by itself has looked a little like a machine's."""
    points = limits["from_one_network_points"]
    some = frozenset(row.pk for row in rows if (row.score or 0) >= points)
    if len(some) > limits["from_one_network"]:
        yield Alarm(ONE_NETWORK, some, Q(network=network, score__gte=points))


def _at_few_domains(network: str, rows: Sequence[Seen], limits: Limits) -> Iterator[Alarm]:
    """Nearly all have addresses at domains that only machines, or hosts of a gathering, fill so evenly."""
    at_domain = Counter(row.domain for row in rows if row.domain and not row.is_at_provider)
    full = {domain for domain, count in at_domain.items() if count >= limits["from_one_network_per_domain"]}
    some = frozenset(row.pk for row in rows if row.domain in full)
    if is_share(len(some), rows, limits["from_one_network_in_100"]):
        yield Alarm(ONE_NETWORK, some, Q(network=network, domain__in=full))


def too_fast(rows: Sequence[Seen], *, limits: Limits) -> Iterator[Alarm]:
    """Half of them confirmed before a person has found the mail."""
    delays = {row.pk: row.delay for row in rows if row.delay is not None}
    fast = limits["too_fast_seconds"]
    if len(delays) >= limits["too_fast"] and median(delays.values()) < fast:
        yield Alarm(TOO_FAST, frozenset(pk for pk, delay in delays.items() if delay < fast))


def late(rows: Sequence[Seen], *, limits: Limits) -> frozenset[int]:
    """Those whose owners took a day or longer to confirm."""
    seconds = limits["aged_hours"] * 3600
    return frozenset(row.pk for row in rows if row.delay is not None and row.delay >= seconds)


def aged(rows: Sequence[Seen], *, usual: float, limits: Limits) -> Iterator[Alarm]:
    """Attempts that were stored up and are confirmed together. `usual`: how many are late at other times."""
    old = late(rows, limits=limits)
    is_many = len(old) > max(limits["aged"], limits["aged_times_usual"] * usual)
    if is_many and is_share(len(old), rows, limits["aged_in_100"]):
        yield Alarm(AGED, old)


def no_night(
    moments: Mapping[int, datetime], *, zones: Iterable[ZoneInfo], limits: Limits
) -> Iterator[Alarm]:
    """A whole day at whose every hour alike signatures of one declared country were confirmed.

    `moments` tells when each (its id) was, `zones` what clocks the country has. Whoever lives elsewhere, or
    is awake for a reason, makes some hours fuller and leaves others empty; so it takes all of them to be
    full. Only those of the night are named: a few machines shall not have the people of a day held.
    """
    by_zone = [_by_span(moments, zone) for zone in zones]
    if len(moments) < limits["nights_looked_at"] or not by_zone:
        return
    fewest = min(len(day[span]) for day in by_zone for span in range(nights.SPANS))
    if fewest * 100 >= limits["nights_in_100"] * len(moments):
        yield Alarm(NO_NIGHT, frozenset.intersection(*(frozenset(day[nights.NIGHT]) for day in by_zone)))


def _by_span(moments: Mapping[int, datetime], zone: ZoneInfo) -> defaultdict[int, list[int]]:
    """Which signatures were confirmed in each span of the day, by the clocks of a zone."""
    day = defaultdict(list)
    for number, moment in moments.items():
        day[nights.span(moment, zone)].append(number)
    return day


def answers(*, confirmed: int, mailed: int, limits: Limits) -> Iterator[Alarm]:
    """Of people some forget to confirm, and most do not. It holds nobody: this is no matter of one crowd."""
    if mailed < limits["answered_mails"]:
        return
    share = 100 * confirmed / mailed
    if share < limits["answered_in_100_low"]:
        yield Alarm(FEW_ANSWER)
    if share > limits["answered_in_100_high"]:
        yield Alarm(ALL_ANSWER)


def is_share(count: int, rows: Sequence[Seen], in_100: int) -> bool:
    """Whether `count` is more than so many in a hundred of the rows."""
    return count * 100 > in_100 * len(rows)
