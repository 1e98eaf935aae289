"""How many signatures one of the staff looks at in an hour without deciding on them: little for theft."""

import logging
import time
from collections.abc import Iterable
from datetime import timedelta

import redis
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts import trail
from accounts.models import User
from letters.models import Letter
from outbox import alerting
from scrutiny import limits
from signatories.models import Decision

WINDOW = 3600  # seconds
KEPT = 60  # seconds, for which a page of many is not asked for the limit anew
LIMIT = "signatures_looked_at_in_1_hour"
ALERT = "many signatures looked at"
REASON = gettext_noop(
    "One of the staff has looked at unusually many signatures of this letter within an hour. "
    "The letter’s trail says who. If it is not their work, end their sessions and take their role."
)

logger = logging.getLogger(__name__)


def look(letter: Letter, *, by: User) -> bool:
    """Count one more signature that somebody looks at; False once it is more than an hour's budget.

    What one decides on is no part of it. The first above it is told to those who work on the letter, and
    stands on its trail. While the cache is away nobody is counted.
    """
    try:
        return _is_within(letter, _count(by, 1), by=by)
    except (redis.RedisError, ValueError) as error:  # away, or emptied meanwhile
        logger.warning("cache away, nobody's looks are counted: %s", type(error).__name__)
        return True


def look_at(letter: Letter, rows: Iterable[int], *, by: User, is_proven: bool) -> bool:
    """The same of many signatures at once, by their numbers; each counts once an hour.

    False if that is too much for who has not just proven to be there: then none of them is counted.
    """
    try:
        return _look_at(letter, rows, by=by, is_proven=is_proven)
    except (redis.RedisError, ValueError) as error:
        logger.warning("cache away, nobody's looks are counted: %s", type(error).__name__)
        return True


def mark(by: User) -> str:
    """Where somebody's looks within this hour of the clock are counted."""
    return f"looks:{by.pk}:{int(time.time()) // WINDOW}"


def _look_at(letter: Letter, rows: Iterable[int], *, by: User, is_proven: bool) -> bool:
    each = [f"{mark(by)}:{row}" for row in rows]
    known = cache.get_many(each)
    new = [one for one in each if one not in known]
    looked = int(cache.get(mark(by), 0)) + len(new)
    if new and not _is_within(letter, looked, by=by) and not is_proven:
        return False
    cache.set_many(dict.fromkeys(new, 1), WINDOW)
    _count(by, len(new))
    return True


def _is_within(letter: Letter, looked: int, *, by: User) -> bool:
    """Whether so many are an hour's work: the budget, and as many as were decided on besides."""
    most = _most()
    if looked <= most or looked <= most + _decided(by):
        return True
    if cache.add(f"{mark(by)}:told", 1, WINDOW):
        alerting.raise_alert(ALERT, about=f"letter {letter.pk}", reason=REASON)
        trail.record("looked at many signatures", about=letter, by=by, most=most)
    return False


def _most() -> int:
    """The hour's budget, as the desk had set it within the last minute."""
    kept: int | None = cache.get(LIMIT)
    if kept is None:
        kept = limits.limit(LIMIT)
        cache.set(LIMIT, kept, KEPT)
    return kept


def _decided(by: User) -> int:
    """On how many signatures somebody has decided within the last hour."""
    since = timezone.now() - timedelta(seconds=WINDOW)
    return Decision.objects.filter(by=by, at__gte=since).values("signature").distinct().count()


def _count(by: User, more: int) -> int:
    """How many it is with these, under all letters."""
    cache.add(mark(by), 0, WINDOW)
    return cache.incr(mark(by), more)
