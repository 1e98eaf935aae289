"""How many pages of names one network may load: plenty for readers, little for who copies lists."""

import functools
import logging
import time
from collections.abc import Callable
from typing import Any

import redis
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver

from scrutiny import limits, networks
from vault.peers import client_ip

WINDOW = 600  # seconds
LOOK_AGAIN = 30.0  # seconds for which a process remembers a limit: a page that is kept asks no database

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]

_remembered: dict[str, tuple[int, float]] = {}


def rationed(limit: str) -> Callable[[View], View]:
    """Answer 429 to a network that has loaded more than `limit` pages in ten minutes.

    It stands before `cached_page`: pages that are kept count like pages that are made, and a refusal is
    never kept. All pages with one limit share one budget. While the cache is away everybody is let through.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            wait = _wait(limit, networks.mark(client_ip(request)))
            if not wait:
                return view(request, *args, **kwargs)
            response = get_resolver().resolve_error_handler(429)(request)
            response.headers["Retry-After"] = str(wait)
            return response

        return answer

    return decorate


def _wait(limit: str, network: str | None) -> int:
    """Count one more page; for how many seconds the network has to wait for the next: 0 if for none."""
    if network is None:
        return 0
    now = int(time.time())
    name = f"ration:{limit}:{network}:{now // WINDOW}"
    try:
        cache.add(name, 0, WINDOW)
        loaded = cache.incr(name)
    except (redis.RedisError, ValueError) as error:  # away, or emptied between the two
        logger.warning("cache away, nobody's pages are counted: %s", type(error).__name__)
        return 0
    return WINDOW - now % WINDOW if loaded > _most(limit) else 0


def _most(limit: str) -> int:
    value, asked_at = _remembered.get(limit, (0, float("-inf")))
    now = time.monotonic()
    if now < asked_at + LOOK_AGAIN:
        return value
    _remembered[limit] = (limits.limit(limit), now)
    return _remembered[limit][0]
