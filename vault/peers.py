"""Who is at the other end of a request."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104 - nobody listens there; who cannot be told apart shares it # nosec B104


def client_ip(request: HttpRequest) -> str:
    """The address of the client: the one way to ask for it, as every limit counts by it.

    Exactly TRUSTED_PROXY_COUNT hops are believed, counted from the right of X-Forwarded-For, since
    each trusted proxy appended what it saw; whatever stands further left was typed by the client.
    Fewer hops than promised, or garbage: the peer itself. IPv4 wrapped in IPv6 comes unwrapped.
    """
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    trusted = settings.TRUSTED_PROXY_COUNT
    claimed = hops[-trusted] if 0 < trusted <= len(hops) else ""
    return _address(claimed) or peer_ip(request) or UNKNOWN


def peer_ip(request: HttpRequest) -> str:
    """The address at the other end of the connection, a proxy's perhaps; "" for a socket."""
    return _address(request.META.get("REMOTE_ADDR", ""))


def came_through_a_proxy(request: HttpRequest) -> bool:
    """Whether any header says so, ours or forged."""
    return any(name == "HTTP_FORWARDED" or name.startswith("HTTP_X_FORWARDED") for name in request.META)


def _address(text: str) -> str:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)
