"""Telling all who signed a letter that it was taken down: one message each, once, behind all other mail."""

import logging

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from letters.models import TakeDown
from outbox import posting
from outbox.models import Lane
from signatories.emails import TAKEN_DOWN
from signatories.models import Signature
from signatories.models.signatures import SignatureQuerySet
from updates.models import Notice

BATCH = 500

logger = logging.getLogger(__name__)


def spread() -> int:
    """Queue the notices of letters that were taken down; returns how many mails."""
    waiting = TakeDown.objects.filter(Q(notice=None) | Q(notice__queued_at=None))
    return sum(_queue(take_down) for take_down in waiting.order_by("pk"))


def told(take_down: TakeDown) -> SignatureQuerySet:
    """The confirmed signatures of the letter, one of each address, that still have one."""
    mine = Signature.objects.confirmed().filter(letter=take_down.letter_id, email__isnull=False)
    earlier = mine.filter(address=OuterRef("address"), pk__lt=OuterRef("pk"))
    return mine.exclude(Exists(earlier))


def _queue(take_down: TakeDown) -> int:
    Notice.objects.get_or_create(take_down=take_down)
    queued = batch = _queue_batch(take_down)
    while batch:
        batch = _queue_batch(take_down)
        queued += batch
    logger.info("letter %s: %s notices of its take-down queued", take_down.letter_id, queued)
    return queued


@transaction.atomic
def _queue_batch(take_down: TakeDown) -> int:
    row = Notice.objects.select_for_update().get(take_down=take_down)
    if row.queued_at:
        return 0  # another clock was first
    rows = told(take_down).filter(pk__gt=row.reached).order_by("pk")
    batch = list(rows.values_list("pk", flat=True)[:BATCH])
    for signature in batch:
        key = f"{TAKEN_DOWN}:{take_down.pk}:{signature}"
        posting.post(TAKEN_DOWN, subject=signature, dedupe_key=key, lane=Lane.NEWS)
    row.reached = batch[-1] if batch else row.reached
    row.queued += len(batch)
    row.queued_at = None if batch else timezone.now()
    row.save(update_fields=["reached", "queued", "queued_at"])
    return len(batch)
