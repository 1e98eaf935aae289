"""Pages for the developer's own machine only."""

import functools
import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from vault.peers import came_through_a_proxy, peer_ip

View = Callable[..., HttpResponse]


def is_loopback(request: HttpRequest) -> bool:
    """Did the request come from this machine, through no proxy at all?"""
    peer = peer_ip(request)
    return bool(peer) and ipaddress.ip_address(peer).is_loopback and not came_through_a_proxy(request)


def loopback_only(view: View) -> View:
    """404 unless DEBUG is on and the request comes straight from this machine."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (settings.DEBUG and is_loopback(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
