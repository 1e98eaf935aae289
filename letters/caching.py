"""Whole pages kept for a few seconds, so that a crowd costs as much as one reader."""

import base64
import functools
import gzip
import hashlib
import logging
import re
import time
from collections.abc import Callable, Sequence
from typing import Any

import redis
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]

# RFC 9110, 12.5.3: gzip is named, and not with the weight 0
TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)


MOST_AT_HAND = 100  # pages; about 2 MB
_at_hand: dict[str, dict[str, Any]] = {}


def cached_page(*, seconds: int = 5, query: Sequence[str] = ()) -> Callable[[View], View]:
    """Keep what a view answers to GET and HEAD for `seconds`, one copy for everybody.

    The key is path, language and those parameters of the query that are named in `query`; the view must
    look at nothing else of the request. Only 200s without a cookie are kept, compressed, and sent so to
    whoever takes gzip: a page that is the same for everybody holds no secret that its length could tell.
    A process keeps what it has sent at hand, no longer than the cache does. When the cache is away the page
    is simply made.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in {"GET", "HEAD"}:
                return view(request, *args, **kwargs)
            key = _key(request, query)
            kept = _recall(key, seconds)
            if kept is None:
                response = view(request, *args, **kwargs)
                if response.status_code != 200 or response.cookies or response.streaming:
                    return response
                kept = _pack(response, until=time.time() + seconds)
                _keep(key, kept, seconds)
            return _unpack(
                kept, takes_gzip=bool(TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")))
            )

        return answer

    return decorate


def _key(request: HttpRequest, query: Sequence[str]) -> str:
    # a digest, because search words do not belong into the names of keys
    asked = [(name, request.GET.getlist(name)) for name in query if name in request.GET]
    parts = repr((request.path, translation.get_language(), asked))
    return f"page:{hashlib.sha256(parts.encode()).hexdigest()}"


def _recall(key: str, seconds: int) -> dict[str, Any] | None:
    name = cache.make_key(key)
    kept = _at_hand.get(name)
    # the second condition: a clock that was set back must not keep a page for hours
    if kept is not None and time.time() < kept["until"] <= time.time() + seconds:
        return kept
    try:
        kept = cache.get(key)
    except redis.RedisError as error:
        logger.warning("cache away, page made afresh: %s", type(error).__name__)
        return None
    if kept is not None:
        _lay_at_hand(name, kept)
    return kept


def _keep(key: str, kept: dict[str, Any], seconds: int) -> None:
    _lay_at_hand(cache.make_key(key), kept)
    try:
        cache.set(key, kept, seconds)
    except redis.RedisError:
        logger.warning("cache away, page not kept")


def _lay_at_hand(name: str, kept: dict[str, Any]) -> None:
    if len(_at_hand) >= MOST_AT_HAND:
        _at_hand.clear()  # what is asked for is back at once
    _at_hand[name] = kept


def _pack(response: HttpResponse, *, until: float) -> dict[str, Any]:
    patch_vary_headers(response, ["Accept-Encoding"])
    body = base64.b64encode(gzip.compress(response.content, mtime=0)).decode()  # the cache holds JSON
    return {"body": body, "headers": dict(response.headers), "until": until}


def _unpack(kept: dict[str, Any], *, takes_gzip: bool) -> HttpResponse:
    body = base64.b64decode(kept["body"])
    if not takes_gzip:
        return HttpResponse(gzip.decompress(body), headers=kept["headers"])
    return HttpResponse(body, headers=kept["headers"] | {"Content-Encoding": "gzip"})
