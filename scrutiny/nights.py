"""When it is night where people say they live, by the zones of each country in Babel's Unicode CLDR."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global

SPANS = 6  # a day is six spans of four hours; the first is the night, from one o'clock to five
NIGHT = 0
HOURS = 24 // SPANS
FURTHEST_APART = timedelta(hours=3)


@lru_cache(maxsize=256)
def _all_zones(country: str) -> Sequence[ZoneInfo]:
    names = get_global("territory_zones").get(country, ())
    try:
        return tuple(ZoneInfo(name) for name in names)
    except ZoneInfoNotFoundError:  # unknown to this machine: what is left out might be far away
        return ()


def zones(country: str, *, at: datetime) -> list[ZoneInfo]:
    """Zones with all the times that clocks of the country show at the moment `at`.

    None where these are more than three hours apart, since it is never night in the whole country, or where
    they are not known.
    """
    by_offset = {at.astimezone(zone).utcoffset() or timedelta(0): zone for zone in _all_zones(country)}
    if not by_offset or max(by_offset) - min(by_offset) > FURTHEST_APART:
        return []
    return list(by_offset.values())


def span(moment: datetime, zone: ZoneInfo) -> int:
    """In which of the day's spans a moment is by the clocks of a zone."""
    return (moment.astimezone(zone).hour - 1) % 24 // HOURS
