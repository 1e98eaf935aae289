"""Mailing approved updates: one message to each signer who asked for news, behind all other mail.

The outbox refuses a second message under one key, so however often this runs nobody gets an update twice.
"""

import logging
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _

from letters.models import Letter
from outbox.models import Message, State
from signatories.emails import NEWS
from signatories.enrolled import reckoning
from signatories.enrolled.reckoning import Figure
from signatories.models import Signature
from signatories.models.signatures import SignatureQuerySet
from updates import spreading
from updates.models import Update

logger = logging.getLogger(__name__)

UNDER_WAY = (State.READY, State.CLAIMED, State.SENDING)


@dataclass(frozen=True)
class Progress:
    """How far an update has got, in mails."""

    letter: Letter
    queued: int
    left: int
    refused: int
    waiting: int
    is_over: bool

    @property
    def unwanted(self) -> int:
        """Those who did not want it any more, or had their signature erased, before it left."""
        return max(self.queued - self.left - self.refused - self.waiting, 0)

    @property
    def percent(self) -> int:
        return 100 * (self.queued - self.waiting) // (self.queued or 1)

    @property
    def told(self) -> list[tuple[str, Figure]]:
        """The numbers in words; of letters at risk no group below ten is told."""
        numbers = {
            _("Asked for news"): self.queued,
            _("Left"): self.left,
            _("Waiting"): self.waiting,
            _("No mailbox took it"): self.refused,
            _("No longer wanted"): self.unwanted,
        }
        return [(words, reckoning.figure(self.letter, number)) for words, number in numbers.items()]


def spread() -> int:
    """Queue the mails of approved updates; returns how many."""
    return sum(_queue(update) for update in Update.objects.exclude(approved_at=None).filter(queued_at=None))


def key(update: int, signature: int) -> str:
    """Under which the outbox knows the one mail of an update to a signer."""
    return f"{NEWS}:{update}:{signature}"


def update_of(message: Message) -> int:
    """Which update a message carries."""
    return int((message.dedupe_key or "").split(":")[1])


def wanted(update: Update) -> SignatureQuerySet:
    """Signatures whose owners asked for news of the letter, one of each address."""
    return asked_for_news(update.letter_id)


def asked_for_news(letter: int) -> SignatureQuerySet:
    """The same of a letter, by its id."""
    mine = Signature.objects.standing().filter(letter=letter, updates=True, erased_at=None)
    return spreading.one_of_each_address(mine)


def progress(update: Update) -> Progress:
    """How far it has got, from what the outbox holds; no signature is looked at."""
    mine = Message.objects.filter(kind=NEWS, dedupe_key__startswith=f"{NEWS}:{update.pk}:")
    waiting = mine.filter(state__in=UNDER_WAY).count()
    is_over = update.queued_at is not None and not waiting
    return Progress(update.letter, update.queued, update.left, update.refused, waiting, is_over)


def count(update: int, *, column: str) -> None:
    """One more mail of an update has left, or was refused for good."""
    Update.objects.filter(pk=update).update(**{column: F(column) + 1})


def _queue(update: Update) -> int:
    queued = spreading.queue(
        update, wanted(update), kind=NEWS, key=lambda signature: key(update.pk, signature)
    )
    logger.info("update %s: %s mails queued", update.pk, queued)
    return queued
