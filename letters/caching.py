"""Whole pages kept for a few seconds, so that a crowd costs as much as one reader."""

import functools
import hashlib
import logging
from collections.abc import Callable, Sequence
from typing import Any

import redis
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import translation

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]


def cached_page(*, seconds: int = 5, query: Sequence[str] = ()) -> Callable[[View], View]:
    """Keep what a view answers to GET and HEAD for `seconds`, one copy for everybody.

    The key is path, language and those parameters of the query that are named in `query`; the view must
    look at nothing else of the request. Only 200s without a cookie are kept. When the cache is away the
    page is simply made.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in {"GET", "HEAD"}:
                return view(request, *args, **kwargs)
            key = _key(request, query)
            kept = _recall(key)
            if kept is not None:
                return HttpResponse(kept["body"], headers=kept["headers"])
            response = view(request, *args, **kwargs)
            if response.status_code == 200 and not response.cookies and not response.streaming:
                _keep(key, response, seconds)
            return response

        return answer

    return decorate


def _key(request: HttpRequest, query: Sequence[str]) -> str:
    # a digest, because search words do not belong into the names of keys
    asked = [(name, request.GET.getlist(name)) for name in query if name in request.GET]
    parts = repr((request.path, translation.get_language(), asked))
    return f"page:{hashlib.sha256(parts.encode()).hexdigest()}"


def _recall(key: str) -> dict[str, Any] | None:
    try:
        return cache.get(key)
    except redis.RedisError as error:
        logger.warning("cache away, page made afresh: %s", type(error).__name__)
        return None


def _keep(key: str, response: HttpResponse, seconds: int) -> None:
    try:
        cache.set(key, {"body": response.content.decode(), "headers": dict(response.headers)}, seconds)
    except redis.RedisError:
        logger.warning("cache away, page not kept")
