"""Telling offices that a letter which they have was withdrawn by its hosts."""

from django.db import transaction

from deliveries.emails import RETRACTION
from deliveries.models import Delivery, Report
from outbox import posting
from outbox.models import Message


def spread() -> int:
    """Post a mail to each office that got by e-mail what was taken down; returns how many are new."""
    told = Report.objects.filter(kind=Report.Kind.RETRACTED).values("delivery")
    posted = Message.objects.filter(kind=RETRACTION).values("subject")
    waiting = Delivery.objects.sent().filter(
        channel="email", dossier__version__letter__taken_down_at__isnull=False
    )
    new = list(waiting.exclude(pk__in=told).exclude(pk__in=posted).values_list("pk", flat=True))
    with transaction.atomic():
        for pk in new:
            posting.post(RETRACTION, subject=pk, dedupe_key=f"{RETRACTION}:{pk}")
    return len(new)
