"""How often one office gets mail from us, whatever letters it is addressed in."""

from datetime import datetime, timedelta

from deliveries.models import Delivery

APART = timedelta(minutes=10)


def free_at(delivery: Delivery, *, at: datetime) -> datetime:
    """From when on (UTC) the office may get this one; `at` if it may get it now."""
    others = Delivery.objects.sent().filter(
        recipient__address__iexact=delivery.recipient.address, sent_at__gt=at - APART
    )
    last = others.exclude(pk=delivery.pk).order_by("-sent_at").values_list("sent_at", flat=True).first()
    return last + APART if last else at
