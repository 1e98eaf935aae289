"""Where mail comes back to: a return path of its own for each delivery (RFC 5321, 4.4)."""

import re

from django.conf import settings

from deliveries.models import Delivery
from outbox import composing

TAG = re.compile(r"\+d([0-9a-f]{20})@", re.IGNORECASE)
IS_TAG = re.compile(r"[0-9a-f]{20}")


def path(delivery: Delivery) -> str:
    """The envelope sender of a delivery; without BOUNCE_ADDRESS the one of all our mail."""
    if not settings.BOUNCE_ADDRESS or not delivery.return_tag:
        return composing.sender()
    local, _at, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{local}+d{delivery.return_tag}@{domain}"


def tag_of(address: str) -> str:
    """The tag of the delivery that an address of ours is the return path of; "" if it is none."""
    found = TAG.search(address)
    return found[1].lower() if found else ""


def masked(address: str) -> str:
    """A return path without its tag, by which reports are believed."""
    return TAG.sub("+d…@", address)
