"""Saying that somebody should look: once, however often it happens, and until it is over."""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from outbox import clock
from outbox.models import Alert

SAID_EVERY = timedelta(hours=1)
OVER_AFTER = timedelta(hours=24)

logger = logging.getLogger(__name__)


def raise_alert(kind: str, *, about: str = "", reason: str) -> bool:
    """Note that something needs somebody; True if it was said aloud (a line at ERROR), once an hour at most.

    `about` names what it concerns by kind and id ("letter 5"), or nothing for the whole site. `reason` is
    one of our own sentences, marked with `gettext_noop`: the desk shows it in the reader's language, so it
    quotes nobody. All that is raised of one kind and about one thing is one row until it has ended.
    """
    at = clock.now()
    if not _again(kind, about, reason, at):
        try:
            with transaction.atomic():
                Alert.objects.create(
                    kind=kind, about=about, reason=reason, first_at=at, last_at=at, said_at=at
                )
        except IntegrityError:  # another process was first
            _again(kind, about, reason, at)
            return False
    elif not _may_be_said(kind, about, at):
        return False
    logger.error("alert: %s%s: %s", kind, f" ({about})" if about else "", reason)
    return True


def end(kind: str, *, about: str = "") -> bool:
    """Note that it is over; True if it was not before."""
    ended = bool(Alert.objects.open().filter(kind=kind, about=about).update(ended_at=clock.now()))
    if ended:
        logger.warning("alert is over: %s%s", kind, f" ({about})" if about else "")
    return ended


def end_old(at: datetime) -> int:
    """End what was not raised again for a day; returns how many."""
    return Alert.objects.open().filter(last_at__lte=at - OVER_AFTER).update(ended_at=at)


def _again(kind: str, about: str, reason: str, at: datetime) -> int:
    known = Alert.objects.open().filter(kind=kind, about=about)
    return known.update(count=F("count") + 1, last_at=at, reason=reason)


def _may_be_said(kind: str, about: str, at: datetime) -> int:
    known = Alert.objects.open().filter(kind=kind, about=about)
    return known.filter(said_at__lte=at - SAID_EVERY).update(said_at=at)
