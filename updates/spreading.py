"""Queueing one message to each of many signatures, behind all other mail: in batches, and once each."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from outbox import posting
from outbox.models import Lane
from signatories.models.signatures import SignatureQuerySet
from updates.models import Spread, Update

BATCH = 500

Key = Callable[[int], str]


def queue(what: Update | Spread, to: SignatureQuerySet, *, kind: str, key: Key) -> int:
    """Queue what is not queued yet; returns how many messages.

    `what` keeps how far this has got, and `key` is what the outbox knows the one message of a signature by.
    """
    queued = batch = _queue_batch(what, to, kind=kind, key=key)
    while batch:
        batch = _queue_batch(what, to, kind=kind, key=key)
        queued += batch
    return queued


def one_of_each_address(rows: SignatureQuerySet) -> SignatureQuerySet:
    """The first of the signatures of each address."""
    return rows.exclude(Exists(rows.filter(address=OuterRef("address"), pk__lt=OuterRef("pk"))))


@transaction.atomic
def _queue_batch(what: Update | Spread, to: SignatureQuerySet, *, kind: str, key: Key) -> int:
    row: Update | Spread = type(what)._default_manager.select_for_update().get(pk=what.pk)
    if row.queued_at:
        return 0  # another clock was first
    batch = list(to.filter(pk__gt=row.reached).order_by("pk").values_list("pk", flat=True)[:BATCH])
    for signature in batch:
        posting.post(kind, subject=signature, dedupe_key=key(signature), lane=Lane.NEWS)
    row.reached = batch[-1] if batch else row.reached
    row.queued += len(batch)
    row.queued_at = None if batch else timezone.now()
    row.save(update_fields=["reached", "queued", "queued_at"])
    return len(batch)
