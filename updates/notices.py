"""Telling all who signed a letter that it was taken down: one message each, once, behind all other mail."""

import logging

from django.db.models import Q

from letters.models import TakeDown
from signatories.emails import TAKEN_DOWN
from signatories.models import Signature
from signatories.models.signatures import SignatureQuerySet
from updates import spreading
from updates.models import Notice

logger = logging.getLogger(__name__)


def spread() -> int:
    """Queue the notices of letters that were taken down; returns how many mails."""
    waiting = TakeDown.objects.filter(Q(notice=None) | Q(notice__queued_at=None))
    return sum(_queue(take_down) for take_down in waiting.order_by("pk"))


def told(take_down: TakeDown) -> SignatureQuerySet:
    """The confirmed signatures of the letter, one of each address, that still have one."""
    mine = Signature.objects.confirmed().filter(letter=take_down.letter_id, email__isnull=False)
    return spreading.one_of_each_address(mine)


def _queue(take_down: TakeDown) -> int:
    notice, _is_new = Notice.objects.get_or_create(take_down=take_down)
    queued = spreading.queue(
        notice,
        told(take_down),
        kind=TAKEN_DOWN,
        key=lambda signature: f"{TAKEN_DOWN}:{take_down.pk}:{signature}",
    )
    logger.info("letter %s: %s notices of its take-down queued", take_down.letter_id, queued)
    return queued
