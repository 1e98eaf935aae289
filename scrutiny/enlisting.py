"""What the desk puts on the watch list and ends again; each is a line of the trail, without the words."""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import trail
from accounts.models import User
from scrutiny import folding, watching
from scrutiny.models import Watched

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=30)  # after its end, so that a mistake is seen


class NoWords(Exception):
    """Nothing in it can be compared."""


class WatchedAlready(Exception):
    """It is on the list, or taken off it, already."""


class NotFromTheStart(Exception):
    """Only what is on the list from the start can be taken off it; the rest is ended."""


@transaction.atomic
def add(kind: str, text: str, *, by: User, is_exempt: bool = False, note: str = "") -> Watched:
    """Have a person look at whoever claims it, or, `is_exempt`, at nobody any more for it.

    It holds within a minute. Raises NoWords, WatchedAlready, NotFromTheStart.
    """
    if not folding.words(text):
        raise NoWords(text)
    is_known = watching.is_from_the_start(kind, text)
    if is_exempt and not is_known:
        raise NotFromTheStart(text)
    if watching.same(kind, text) or (is_known and not is_exempt):
        raise WatchedAlready(text)
    try:
        with transaction.atomic():
            row = Watched.objects.create(kind=kind, text=text, is_exempt=is_exempt, note=note, added_by=by)
    except IntegrityError as error:
        raise WatchedAlready(text) from error
    trail.record("watched", about=row, by=by, kind=kind, is_exempt=is_exempt)
    return row


@transaction.atomic
def end(row: Watched, *, by: User) -> bool:
    """Let it hold no more. Returns False, having done nothing, if it is ended already."""
    ended = Watched.objects.in_force().filter(pk=row.pk).update(ended_by=by, ended_at=timezone.now())
    if ended:
        trail.record("watched no more", about=row, by=by, kind=row.kind, is_exempt=row.is_exempt)
    return ended == 1


def forget(*, at: datetime | None = None) -> int:
    """Delete what was ended thirty days ago. Returns of how many."""
    over = (at or timezone.now()) - KEPT_FOR
    return Watched.objects.filter(ended_at__lte=over).delete()[0]
