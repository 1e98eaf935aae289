"""Telling all who signed a letter what became of it: one message each, once, behind all other mail.

That it was taken down, or that its text was changed: then they are asked whether they sign the new one.
"""

import logging

from django.db.models import F, Q

from letters.models import Letter, TakeDown, Version
from signatories import agreeing
from signatories.emails import AMENDED, TAKEN_DOWN
from signatories.models import Signature
from signatories.models.signatures import SignatureQuerySet
from updates import spreading
from updates.models import Notice

logger = logging.getLogger(__name__)

UNQUEUED = Q(notice=None) | Q(notice__queued_at=None)


def spread() -> int:
    """Queue the notices of letters that were taken down or changed; returns how many mails."""
    gone = TakeDown.objects.filter(UNQUEUED).order_by("pk")
    # a text that was changed again meanwhile is nobody's any more, and a closed letter takes no signatures
    changed = Version.objects.filter(
        UNQUEUED, number__gt=1, pk=F("letter__current"), letter__in=Letter.objects.open()
    )
    return sum(_tell_of_the_end(one) for one in gone) + sum(_ask(one) for one in changed.order_by("pk"))


def told(take_down: TakeDown) -> SignatureQuerySet:
    """The confirmed signatures of the letter, one of each address, that still have one."""
    mine = Signature.objects.confirmed().filter(letter=take_down.letter_id, email__isnull=False)
    return spreading.one_of_each_address(mine)


def _tell_of_the_end(take_down: TakeDown) -> int:
    notice, _is_new = Notice.objects.get_or_create(take_down=take_down)
    queued = spreading.queue(
        notice,
        told(take_down),
        kind=TAKEN_DOWN,
        key=lambda signature: f"{TAKEN_DOWN}:{take_down.pk}:{signature}",
    )
    logger.info("letter %s: %s notices of its take-down queued", take_down.letter_id, queued)
    return queued


def _ask(version: Version) -> int:
    """One mail for each signature, not for each address: each is agreed to on a page of its own."""
    notice, _is_new = Notice.objects.get_or_create(version=version)
    queued = spreading.queue(
        notice,
        agreeing.askable(version),
        kind=AMENDED,
        key=lambda signature: f"{AMENDED}:{version.pk}:{signature}",
    )
    logger.info("letter %s: %s signers asked to sign version %s", version.letter_id, queued, version.number)
    return queued
