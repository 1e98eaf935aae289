"""Whence an attempt comes, as a mark that nobody can read an address from, not even we the day after.

A network is a /32 of IPv4 or a /64 of IPv6. Its mark is an HMAC under a random key of the day, which lives
in the cache only: when the day is over the key is gone, and an old backup or a demand finds nothing to
try addresses with.
"""

import base64
import hashlib
import hmac
import ipaddress
import logging
import secrets
import time
from datetime import UTC, datetime, timedelta

import redis
from django.core.cache import cache

KEY_KEPT = timedelta(hours=24)
LOOK_AGAIN = 60.0  # seconds after which the cache is asked whether it still has the key
AFTER_FAILURE = 30.0

logger = logging.getLogger(__name__)

_key: tuple[str, bytes] | None = None
_asked_at = float("-inf")


def network_of(ip: str) -> str:
    """The network of an address, as text: itself for IPv4, its /64 for IPv6."""
    address = ipaddress.ip_address(ip)
    prefix = 32 if address.version == 4 else 64
    return str(ipaddress.ip_network((address, prefix), strict=False))


def mark(ip: str, *, at: datetime | None = None) -> str | None:
    """The day's mark of an address's network (64 hex digits); None while the cache is away.

    Equal networks have equal marks until midnight UTC.
    """
    key = _key_of((at or datetime.now(UTC)).date().isoformat())
    return hmac.new(key, network_of(ip).encode(), hashlib.sha256).hexdigest() if key else None


def _key_of(day: str) -> bytes | None:
    """The key of the day, the same in every process; asked for every minute, so a flushed cache heals."""
    global _key, _asked_at
    known = _key[1] if _key and _key[0] == day else None
    now = time.monotonic()
    if now < _asked_at + (LOOK_AGAIN if known else 0) or now < _asked_at:
        return known
    _asked_at = now
    try:
        known = _agreed(day, known or secrets.token_bytes(32))
    except redis.RedisError as error:
        logger.warning("cache away, networks are not told apart: %s", type(error).__name__)
        _asked_at = now + AFTER_FAILURE
        return known
    _key = (day, known)
    return known


def _agreed(day: str, proposal: bytes) -> bytes:
    name = f"network-key:{day}"
    cache.add(name, base64.b64encode(proposal).decode(), KEY_KEPT.total_seconds())
    kept = cache.get(name)
    return base64.b64decode(kept) if kept else proposal
