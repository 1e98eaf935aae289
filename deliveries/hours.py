"""When an office reads its mail: from 9 to 17 by its own clock, on its own working days."""

from datetime import UTC, datetime, time, timedelta

from letters import time_zones
from letters.models import Recipient

OPENS, CLOSES = time(9), time(17)
A_WEEK = 7


def next_open(recipient: Recipient, *, at: datetime) -> datetime:
    """The first moment from `at` on at which the office is open (UTC); `at` itself if it is open then."""
    here = at.astimezone(time_zones.zone_of(recipient.country, name=recipient.time_zone))
    if _is_working_day(recipient, here) and OPENS <= here.time() < CLOSES:
        return at
    day = here.date() + timedelta(days=here.time() >= CLOSES)
    for _day in range(A_WEEK):
        opens = datetime.combine(day, OPENS, here.tzinfo)
        if _is_working_day(recipient, opens) and opens >= here:
            return opens.astimezone(UTC)
        day += timedelta(days=1)
    return at  # a country whose weekend is all week long


def _is_working_day(recipient: Recipient, here: datetime) -> bool:
    return here.weekday() not in time_zones.weekend_of(recipient.country)
