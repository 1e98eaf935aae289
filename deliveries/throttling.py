"""How often one office gets mail from us, whatever letters it is addressed in."""

from datetime import datetime, timedelta

from deliveries.models import Delivery
from letters.models import Recipient

APART = timedelta(minutes=10)


def free_at(delivery: Delivery, *, at: datetime) -> datetime:
    """From when on (UTC) the office may get this one; `at` if it may get it now.

    What another worker has in hand counts as if it left now. Must run inside the transaction that claims:
    of two workers with mail for one office the second waits here, and then sees what the first has taken.
    """
    _lock(delivery.recipient.address)
    others = Delivery.objects.filter(recipient__address__iexact=delivery.recipient.address)
    others = others.exclude(pk=delivery.pk)
    if others.in_flight().exists():
        return at + APART
    recent = others.sent().filter(sent_at__gt=at - APART)
    last = recent.order_by("-sent_at").values_list("sent_at", flat=True).first()
    return last + APART if last else at


def _lock(address: str) -> None:
    """Wait until nobody else claims a delivery to this address; the rows are locked in one order."""
    offices = Recipient.objects.filter(address__iexact=address).order_by("pk")
    list(offices.select_for_update(no_key=True).values_list("pk", flat=True))
