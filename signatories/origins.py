"""Public forms have no token and set no cookie: they check where a POST comes from instead."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]
SAFE = ("GET", "HEAD", "OPTIONS")


def origin_checked(view: View) -> View:
    """Refuse POSTs that another site made a browser send.

    `Sec-Fetch-Site`, if present, must say same-origin; else `Origin`, if present, must be ours. A client
    that sends neither is no browser that could be abused, so curl and w3m work.
    """

    @csrf_exempt  # this check stands in its place
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in SAFE and not comes_from_here(request):
            raise PermissionDenied("cross-site")
        return view(request, *args, **kwargs)

    return checked


def comes_from_here(request: HttpRequest) -> bool:
    """Whether the request was made by one of our own pages, or by no browser at all."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or origin in _our_origins(request)


def _our_origins(request: HttpRequest) -> set[str]:
    site = urlsplit(settings.SITE_URL)
    return {f"{site.scheme}://{site.netloc}", f"{request.scheme}://{request.get_host()}"}
