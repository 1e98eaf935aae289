"""What the end of a letter's deliveries means for what is kept: the names and addresses go.

Letters know nothing of their deliveries, so the clock looks from here: which letters are closed and were
carried to everyone 30 days ago, and which were taken down 30 days ago: nothing leaves of those any more.
"""

import json
import logging
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from deliveries import preparing
from deliveries.dossiers import editions
from deliveries.models import Delivery, Dossier, Release
from letters.models import Letter
from outbox.models import State
from signatories import forgetting
from signatories.forgetting import CLOSED_KEPT

logger = logging.getLogger(__name__)

DELIVERED_KEPT = timedelta(days=30)
DOSSIER_KEPT = timedelta(days=365)
IDLE_KEPT = timedelta(days=1)
ENDED = (State.SENT, State.VOID, State.DEAD)


def retain(*, at: datetime | None = None) -> int:
    """Keep nothing longer than was promised, at the moment `at` (default: now). Returns how much was erased.

    Signatures are counted, and keys of dossiers: without its key the sealed list of a dossier is nobody's.
    """
    at = at or timezone.now()
    erased = 0
    for letter in over(at):
        erased += forgetting.forget_letter(letter, why="it is delivered", at=at)
    return erased + destroy_keys(at)


def ends_at(letter: Letter) -> datetime | None:
    """When addresses and names that are not public go, as far as that is settled; None while it is open.

    30 days after the last delivery, once the letter is closed, and a year after closing at the latest; of one
    that was taken down, 30 days after that.
    """
    if letter.taken_down_at:
        return letter.taken_down_at + DELIVERED_KEPT
    if letter.closes_at is None:
        return None
    latest = letter.closes_at + CLOSED_KEPT
    last = last_delivery(letter)
    return min(latest, max(last, letter.closes_at) + DELIVERED_KEPT) if last else latest


def last_delivery(letter: Letter) -> datetime | None:
    """When the last of the letter's deliveries left; None while there is one to come."""
    mine = Delivery.objects.standing().filter(dossier__version__letter=letter)
    if letter.current is None or preparing.waiting(letter).exists():
        return None
    if mine.exclude(state__in=ENDED).exists():
        return None
    return mine.aggregate(last=Max("sent_at"))["last"]


def over(at: datetime) -> list[Letter]:
    """Letters carried to everyone, or taken down, 30 days before `at`, and of which something is kept."""
    something_is_kept = Exists(forgetting.kept().filter(letter=OuterRef("pk")))
    before = at - DELIVERED_KEPT
    ended = Letter.objects.closed(before) | Letter.objects.filter(taken_down_at__lte=before)
    letters = ended.filter(something_is_kept).select_related("current")
    return [letter for letter in letters if (end := ends_at(letter)) and end <= at]


def destroyable(at: datetime) -> QuerySet[Dossier]:
    """Dossiers whose list is needed no more: everyone it went to has it, or its time is over anyway.

    What was frozen and came to nothing, since its release is over or its worker was lost, goes after a day.
    """
    sealed = Dossier.objects.filter(key__isnull=False).annotate(last=Max("deliveries__sent_at"))
    on_the_way = Delivery.objects.exclude(state__in=ENDED).values("dossier")
    arrived = Q(last__lte=at - DELIVERED_KEPT) & ~Q(pk__in=on_the_way)
    closed = Q(version__letter__closes_at__lte=at - CLOSED_KEPT)
    down = Q(version__letter__taken_down_at__lte=at - DELIVERED_KEPT)
    return sealed.filter(arrived | closed | down | _is_idle(at) | Q(taken_at__lte=at - DOSSIER_KEPT))


def _is_idle(at: datetime) -> Q:
    standing = Delivery.objects.standing().values("dossier")
    awaited = Release.objects.open().filter(dossier__isnull=False).values("dossier")
    return Q(taken_at__lte=at - IDLE_KEPT) & ~Q(pk__in=standing) & ~Q(pk__in=awaited)


def destroy_keys(at: datetime) -> int:
    """Destroy the keys of dossiers that nobody needs any more, and the public names; returns how many.

    Who was public then may have withdrawn since. What is left of an edition is all but its list, and the
    hash of the whole.
    """
    destroyed = sum(_destroy(pk) for pk in list(destroyable(at).values_list("pk", flat=True)))
    if destroyed:
        logger.info("%s keys of dossiers destroyed", destroyed)
    return destroyed


def _destroy(pk: int) -> int:
    edition = json.loads(Dossier.objects.values_list("public_edition", flat=True).get(pk=pk))
    rest = editions.text(editions.frame_of(edition))
    return Dossier.objects.filter(pk=pk, key__isnull=False).update(key=None, public_edition=rest)
