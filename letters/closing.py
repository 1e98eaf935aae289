"""Moving the end of a letter: at once, to another day, or for a while open again.

One owner may, since another can take it back: a letter that has just closed can be opened again. Once it has
been closed for a month its lists have left, and addresses and names go: it stays closed for good.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.models import User
from letters.models import Closing, Letter

logger = logging.getLogger(__name__)

REOPENED_WITHIN = timedelta(days=30)


class NotPublished(Exception):
    """A draft has dates, but nothing to close."""


class BeforeItOpens(Exception):
    """A letter closes after it opens."""


class Over(Exception):
    """Nobody closes a letter in the past: who signed since then was told that it was open."""


class ClosedForGood(Exception):
    """It has been closed for too long to be opened again."""


@transaction.atomic
def move(letter: Letter, *, to: datetime | None, reason: str, by: User) -> None:
    """Let the letter close at the moment `to`, or stay open without one.

    Raises NotPublished, BeforeItOpens, Over, ClosedForGood.
    """
    row, now = _locked(letter), timezone.now()
    if to is not None and to <= now:
        raise Over(letter)
    _close(row, at=to, now=now, reason=reason, by=by)


@transaction.atomic
def close_at_once(letter: Letter, *, reason: str, by: User) -> None:
    """Take no signatures from now on; what is closed stays so. Raises NotPublished, BeforeItOpens."""
    row, now = _locked(letter), timezone.now()
    if not row.is_closed(now):
        _close(row, at=now, now=now, reason=reason, by=by)


def can_reopen(letter: Letter, *, at: datetime) -> bool:
    """Whether the letter is open, or closed so shortly before that it may be open again."""
    return letter.closes_at is None or letter.closes_at > at - REOPENED_WITHIN


def _close(letter: Letter, *, at: datetime | None, now: datetime, reason: str, by: User) -> None:
    if not can_reopen(letter, at=now):
        raise ClosedForGood(letter)
    if at is not None and letter.opens_at is not None and at <= letter.opens_at:
        raise BeforeItOpens(letter)
    if at == letter.closes_at:
        return
    closing = Closing.objects.create(
        letter=letter, by=by, at=now, before=letter.closes_at, after=at, reason=reason
    )
    letter.closes_at = at
    letter.save(update_fields=["closes_at"])
    trail.record("closing day moved", about=letter, by=by, closing=closing.pk)
    logger.info("letter %s closes at another time", letter.pk)


def _locked(letter: Letter) -> Letter:
    row = Letter.objects.select_for_update().get(pk=letter.pk)
    if not row.is_public():
        raise NotPublished(letter)
    return row
