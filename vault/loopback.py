"""Pages for the developer's own machine only."""

import functools
import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def is_loopback(request: HttpRequest) -> bool:
    """Did the request come from this machine, through no proxy at all?"""
    if any(name == "HTTP_FORWARDED" or name.startswith("HTTP_X_FORWARDED") for name in request.META):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def loopback_only(view: View) -> View:
    """404 unless DEBUG is on and the request comes straight from this machine."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (settings.DEBUG and is_loopback(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
