"""Of how many signatures one of the staff looks at the neighbours in an hour: little for theft."""

import logging
import time

import redis
from django.core.cache import cache
from django.utils.translation import gettext_noop

from accounts import trail
from accounts.models import User
from letters.models import Letter
from outbox import alerting
from scrutiny import limits

WINDOW = 3600  # seconds
LIMIT = "signatures_looked_at_in_1_hour"
ALERT = "many signatures looked at"
REASON = gettext_noop(
    "One of the staff has looked at unusually many signatures of this letter within an hour. "
    "The letter’s trail says who. If it is not their work, end their sessions and take their role."
)

logger = logging.getLogger(__name__)


def look(letter: Letter, *, by: User) -> bool:
    """Count one more signature that somebody looks at; False once it is more than an hour's budget.

    The first above it is told to those who work on the letter, and stands on its trail.
    While the cache is away nobody is counted.
    """
    most = limits.limit(LIMIT)
    try:
        looked = _count(by)
    except (redis.RedisError, ValueError) as error:  # away, or emptied meanwhile
        logger.warning("cache away, nobody's looks are counted: %s", type(error).__name__)
        return True
    if looked == most + 1:
        alerting.raise_alert(ALERT, about=f"letter {letter.pk}", reason=REASON)
        trail.record("looked at many signatures", about=letter, by=by, most=most)
    return looked <= most


def mark(by: User) -> str:
    """Where somebody's looks within this hour of the clock are counted."""
    return f"looks:{by.pk}:{int(time.time()) // WINDOW}"


def _count(by: User) -> int:
    """How many it is with this one, under all letters."""
    cache.add(mark(by), 0, WINDOW)
    return cache.incr(mark(by))
