"""How many pages of names one reader may load: plenty for readers, little for who copies lists.

And how often one network may ask for what is costly to answer.
"""

import functools
import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

import redis
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver

from scrutiny import limits, networks
from vault import browsers
from vault.peers import client_ip

WINDOW = 600  # seconds
PEOPLE_S = frozenset(browsers.FAMILIES.values()) - {"curl"}
LOOK_AGAIN = 30.0  # seconds for which a process remembers a limit: a page that is kept asks no database

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]

_remembered: dict[str, tuple[int, float]] = {}


def rationed(limit: str, *, crowd: str, query: Sequence[str]) -> Callable[[View], View]:
    """Answer 429 to a reader who has loaded more than `limit` pages in ten minutes.

    A reader is what says the same of its browser in one network: carriers put thousands of phones behind one
    address, and one of them shall not use up what the others may read. Who pretends to be many readers is
    stopped by the limit `crowd` of their network. It does not count the page without any of the parameters
    `query`, where the list begins; a browser always gets that, since it helps nobody who copies lists.

    It stands before `cached_page`: pages that are kept count like pages that are made, and a refusal is
    never kept. All pages with one limit share one budget. While the cache is away everybody is let through.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            network, is_beginning = networks.mark(client_ip(request)), not any(map(request.GET.get, query))
            if network is None or (is_beginning and _is_browser(request)):
                return view(request, *args, **kwargs)
            wait = _wait(limit, _reader(request, network)) or (not is_beginning and _wait(crowd, network))
            return _refusal(request, wait) if wait else view(request, *args, **kwargs)

        return answer

    return decorate


def costly(limit: str, *, methods: Sequence[str] = ("GET", "HEAD", "POST")) -> Callable[[View], View]:
    """Answer 429 to a network that asks by one of `methods` more often than `limit` in ten minutes.

    While the cache is away everybody is let through.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            network = networks.mark(client_ip(request)) if request.method in methods else None
            wait = _wait(limit, network) if network else 0
            return _refusal(request, wait) if wait else view(request, *args, **kwargs)

        return answer

    return decorate


def _refusal(request: HttpRequest, wait: int) -> HttpResponse:
    response: HttpResponse = get_resolver().resolve_error_handler(429)(request)
    response.headers["Retry-After"] = str(wait)
    return response


def _is_browser(request: HttpRequest) -> bool:
    return browsers.family(request.headers.get("User-Agent", "")) in PEOPLE_S


def _reader(request: HttpRequest, network: str) -> str:
    """A mark of who reads, as far as readers can be told apart; it lives as long as the window."""
    said = [request.headers.get(name, "")[: browsers.LONGEST] for name in ("User-Agent", "Accept-Language")]
    return hashlib.sha256(repr((network, said)).encode()).hexdigest()


def _wait(limit: str, whose: str) -> int:
    """Count one more page; for how many seconds one has to wait for the next: 0 if for none."""
    now = int(time.time())
    name = f"ration:{limit}:{whose}:{now // WINDOW}"
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
