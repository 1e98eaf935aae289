"""Where mail comes back to: a return path of its own for each delivery (RFC 5321, 4.4)."""

import re

from django.conf import settings

from deliveries.models import Delivery
from outbox import composing

TAG = re.compile(r"\+d([0-9a-f]{20})@", re.IGNORECASE)


def path(delivery: Delivery) -> str:
    """The envelope sender of a delivery; without BOUNCE_ADDRESS the one of all our mail."""
    if not settings.BOUNCE_ADDRESS or not delivery.return_tag:
        return composing.sender()
    local, _at, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{local}+d{delivery.return_tag}@{domain}"


def delivery_of(address: str) -> Delivery | None:
    """The delivery that an address of ours is the return path of, if it is one."""
    found = TAG.search(address)
    if found is None:
        return None
    return Delivery.objects.filter(return_tag=found[1].lower()).first()
