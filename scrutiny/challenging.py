"""A little work that a browser does while its owner fills in the form: nothing to one, a price for many.

It never stands in the way. Who hands in none is believed a little less where the page's script ran, and
otherwise waits behind those who did the work.
"""

import base64
import hashlib
import hmac
import json
import logging
import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from time import time
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qs

import redis
from altcha import ChallengeOptionsV1, create_challenge_v1, verify_solution_v1
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from scrutiny import limits
from scrutiny.clues import LONGEST_WORK
from scrutiny.models import SpentChallenge

GOOD_FOR = timedelta(minutes=20)
EASIEST = 10_000  # numbers to try at most: 0.3 s on a phone, on average
HARDEST = 4  # times the easiest: 1.2 s on a phone, on average; a neighbour may have driven it up
SPENT_KEPT = timedelta(days=2)  # longer than any attempt keeps the work it came with
WINDOWS = {
    "attempts_per_network_in_1_minute": timedelta(minutes=1),
    "attempts_per_network_in_10_minutes": timedelta(minutes=10),
    "attempts_per_network_in_1_hour": timedelta(hours=1),
}
SHAPE = {"algorithm": str, "challenge": str, "number": int, "salt": str, "signature": str}
ALGORITHM: Literal["SHA-256"] = "SHA-256"

logger = logging.getLogger(__name__)


class HandedIn(NamedTuple):
    """What came with an attempt (its id) under a letter (its slug), made at that moment."""

    attempt: int
    work: str
    letter: str
    at: datetime


def challenge(letter: str, *, network: str | None) -> dict[str, Any]:
    """Work for one attempt under the letter (its slug), good for 20 minutes and one use.

    `network` is the mark of who asks: from a busy one the work is harder. None: the usual work.
    """
    options = ChallengeOptionsV1(
        algorithm=ALGORITHM,
        max_number=EASIEST * hardness(letter, network=network),
        hmac_key=_key(settings.TOKEN_KEYS[0]),
        expires=timezone.now() + GOOD_FOR,
        params={"letter": letter},
    )
    return create_challenge_v1(options).to_dict()


def hardness(letter: str, *, network: str | None) -> int:
    """Count one more from the network under the letter; how many times the easiest work it is to do.

    1 up to the free limits; beyond, 2 for up to twice as many, 4 for up to four times, and so on.
    1 as well while the cache, which counts, is away.
    """
    if network is None:
        return 1
    free = limits.limits(*WINDOWS)
    try:
        excess = max(_count(letter, network, window) / max(free[name], 1) for name, window in WINDOWS.items())
    except redis.RedisError as error:
        logger.warning("cache away, nobody's work is harder: %s", type(error).__name__)
        return 1
    return min(HARDEST, 2 ** math.ceil(math.log2(max(excess, 1))))


def verify(work: str, *, letter: str, at: datetime, attempt: int) -> bool:
    """Whether the attempt made `at` that moment came with work done for this letter and never used before."""
    return attempt in believed([HandedIn(attempt, work, letter, at)])


def believed(handed_in: Iterable[HandedIn]) -> set[int]:
    """Which attempts (ids) came with work that was done for their letter and never used before.

    Spends the work, in turn: for the same attempt the answer stays the same, for any other it is no, as for
    whatever else somebody may have sent. Two queries for all of them, so it belongs into the worker.
    """
    worth = [spent for spent in map(_worth, handed_in) if spent]
    if not worth:
        return set()
    first: dict[str, SpentChallenge] = {}
    for spent in worth:
        first.setdefault(spent.challenge, spent)
    # in one order, so that two workers who get the same work do not wait for each other
    SpentChallenge.objects.bulk_create([first[name] for name in sorted(first)], ignore_conflicts=True)
    owners = dict(SpentChallenge.objects.filter(pk__in=first).values_list("challenge", "attempt"))
    return {spent.attempt for spent in worth if owners.get(spent.challenge) == spent.attempt}


def forget(*, at: datetime | None = None) -> int:
    """Drop what nobody can hand in any more. Returns how many."""
    return SpentChallenge.objects.filter(forget_at__lte=at or timezone.now()).delete()[0]


def _worth(handed: HandedIn) -> SpentChallenge | None:
    """What is spent by handing this in; None if it is nothing that its attempt could have been given."""
    solution = _read(handed.work)
    if solution is None or not _is_ours(solution):
        return None
    # we made the salt, so what stands in it is well formed
    terms = parse_qs(solution["salt"].partition("?")[2])
    expires_at = datetime.fromtimestamp(int(terms["expires"][0]), UTC)
    if terms["letter"] != [handed.letter] or handed.at > expires_at:
        return None
    return SpentChallenge(
        challenge=solution["challenge"], attempt=handed.attempt, forget_at=expires_at + SPENT_KEPT
    )


def _count(letter: str, network: str, window: timedelta) -> int:
    seconds = int(window.total_seconds())
    name = f"challenges:{letter}:{network}:{seconds}:{int(time()) // seconds}"
    cache.add(name, 0, seconds)
    try:
        return cache.incr(name)
    except ValueError:  # emptied between the two
        return 1


def _key(token_key: bytes) -> bytes:
    """A key of this purpose alone."""
    return hmac.new(token_key, b"challenge", hashlib.sha256).digest()


def _read(work: str) -> dict[str, Any] | None:
    """What was handed in, or None if no browser with our script would have sent it."""
    if len(work) > LONGEST_WORK:
        return None
    try:
        solution = json.loads(base64.b64decode(work, validate=True))
    except (ValueError, RecursionError):
        return None
    if not isinstance(solution, dict) or {k: type(v) for k, v in solution.items()} != SHAPE:
        return None
    is_plain = solution["algorithm"] == ALGORITHM and solution["salt"].isascii()
    return solution if is_plain else None


def _is_ours(solution: dict[str, Any]) -> bool:
    """Whether a key of the ring signed the challenge, and the number solves it."""
    # when it expires is asked in `_worth`, since the worker may come to it much later
    return any(
        verify_solution_v1(solution, _key(key), check_expires=False)[0]  # type: ignore[call-overload]
        for key in settings.TOKEN_KEYS
    )
