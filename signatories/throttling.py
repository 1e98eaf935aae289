"""How much mail one address gets, and how often its codes are guessed at, however many people try.

Limits delay mail; they never drop it.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

import redis
from django.core.cache import cache

from scrutiny import limits
from signatories.models import Mailbox

WINDOWS = {
    "mails_per_address_in_10_minutes": timedelta(minutes=10),
    "mails_per_address_in_24_hours": timedelta(hours=24),
}
LONGEST = max(WINDOWS.values())
TRIES_KEPT = timedelta(hours=24)  # as long as a network has the same mark

logger = logging.getLogger(__name__)


def grant(mailbox: Mailbox, *, message: int, at: datetime) -> datetime | None:
    """Let one mail to a locked mailbox leave, or say when it may.

    A message that was granted before (its sending failed, it is tried again) counts once.
    """
    moments = [
        (number, moment)
        for number, text in mailbox.moments
        if (moment := datetime.fromisoformat(text)) > at - LONGEST
    ]
    if message not in {number for number, _ in moments}:
        times = sorted(moment for _, moment in moments)
        for name, most in limits.limits(*WINDOWS).items():
            recent = [moment for moment in times if moment > at - WINDOWS[name]]
            if len(recent) >= most:
                return (recent[-most] if most else at) + WINDOWS[name]
        moments.append((message, at))
    mailbox.moments = [[number, moment.isoformat()] for number, moment in moments]
    mailbox.save(update_fields=["moments"])
    return None


def free(address: str) -> None:
    """An address whose owner has confirmed is free again."""
    Mailbox.objects.filter(address=address).update(moments=[])


def tries(attempts: Iterable[str], *, network: str | None) -> dict[str, int] | None:
    """How many wrong codes a network has typed for each of these attempts; None while nobody can tell."""
    if network is None:
        return None
    names = {attempt: f"code-tries:{network}:{attempt}" for attempt in attempts}
    try:
        counted = cache.get_many(names.values())
    except redis.RedisError as error:
        logger.warning("cache away, tries are not told apart: %s", type(error).__name__)
        return None
    return {attempt: counted.get(name, 0) for attempt, name in names.items()}


def count_tries(counted: dict[str, int], *, network: str) -> None:
    """Count one wrong code more for each of these attempts, whose rows the caller has locked."""
    more = {f"code-tries:{network}:{attempt}": count + 1 for attempt, count in counted.items()}
    try:
        cache.set_many(more, timeout=int(TRIES_KEPT.total_seconds()))
    except redis.RedisError as error:
        logger.warning("cache away, a try is counted in its row alone: %s", type(error).__name__)
