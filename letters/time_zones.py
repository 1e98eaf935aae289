"""Time zones and working weeks of countries, from the Unicode CLDR that comes with Babel."""

from datetime import UTC, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.core import get_global

SATURDAY, SUNDAY = 5, 6


@lru_cache(maxsize=1)
def known() -> tuple[str, ...]:
    """The names of all zones (IANA), in order."""
    return tuple(sorted({zone for zones in get_global("territory_zones").values() for zone in zones}))


def zone_of(country: str, *, name: str = "") -> tzinfo:
    """The zone called `name`, else the only one of a country (ISO 3166-1 alpha-2), else UTC."""
    zones = get_global("territory_zones").get(country, [])
    try:
        return ZoneInfo(name or (zones[0] if len(zones) == 1 else "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


@lru_cache(maxsize=512)
def weekend_of(country: str) -> frozenset[int]:
    """The days on which offices are closed there: 0 is Monday."""
    try:
        locale = Locale.parse(f"und_{country}", resolve_likely_subtags=True)
    except (UnknownLocaleError, ValueError):
        return frozenset({SATURDAY, SUNDAY})
    return frozenset(range(locale.weekend_start, locale.weekend_end + 1))
