"""PROVIDER_WEBHOOK: which mail provider reports to us by HTTP, and how it is known."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

BREVO, MAILGUN = "brevo", "mailgun"
SHORTEST = 16  # characters of a secret
OLDEST = timedelta(days=1)  # a provider that got no answer tries for some hours


class Stale(Exception):
    """The provider signed it on another day."""


class Signed(NamedTuple):
    """What a provider signed instead of what it says: it counts once, and until a moment (UTC)."""

    name: str
    until: datetime


class Provider(NamedTuple):
    """PROVIDER_WEBHOOK, taken apart."""

    name: str
    secret: str

    def signed(self, request: HttpRequest, *, at: datetime) -> Signed | None:
        """What the provider signed of a request that is its own; None where it signs nothing.

        Raises Stale, and where there is no such thing KeyError, TypeError, ValueError or OverflowError.
        """
        if self.name != MAILGUN:
            return None
        told = json.loads(request.body)["signature"]
        moment = datetime.fromtimestamp(float(told["timestamp"]), UTC)
        if abs(at - moment) > OLDEST:
            raise Stale
        return Signed(hashlib.sha256(told["token"].encode()).hexdigest(), moment + OLDEST)


def provider(text: str) -> Provider:
    """Read PROVIDER_WEBHOOK, `brevo:SECRET` or `mailgun:SIGNING KEY`. Raises ImproperlyConfigured."""
    name, _colon, secret = text.partition(":")
    if name not in (BREVO, MAILGUN) or len(secret) < SHORTEST or not secret.isascii():
        raise ImproperlyConfigured(
            f"PROVIDER_WEBHOOK must read brevo:SECRET or mailgun:KEY, of {SHORTEST} characters at least."
        )
    return Provider(name, secret)
