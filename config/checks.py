"""What `check --deploy` says about Redis, which decides what the workers do."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def redis_has_a_password(app_configs: Any = None, **more: Any) -> list[CheckMessage]:
    """Whoever reaches a Redis on the network can queue tasks and rewrite pages."""
    cache = str(settings.CACHES["default"].get("LOCATION", ""))
    urls = {"REDIS_URL": settings.REDIS_URL, "CACHE_URL": cache}
    return [
        Warning(
            f"{name} names a Redis on another machine without a password.",
            hint="Give it users with passwords (docs/redis.acl), and TLS with rediss://.",
            id="config.W001",
        )
        for name, url in urls.items()
        if _is_elsewhere(url) and not urlsplit(url).password
    ]


def _is_elsewhere(url: str) -> bool:
    """Whether the URL leads off this machine; a socket never does."""
    parts = urlsplit(url)
    if "unix" in parts.scheme or "socket" in parts.scheme or parts.hostname in {None, "localhost"}:
        return False
    try:
        return not ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return True
