"""Freezing the list that was asked for, in the background, and destroying it when its time is over."""

import itertools
import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import trail
from exports import filing, models, telling
from exports.models import ATTEMPTS, KEPT, READY, Export, Piece, State
from signatories.enrolled import exporting
from signatories.enrolled.exporting import Line

BATCH = 2000

logger = logging.getLogger(__name__)


class Stopped(Exception):
    """The export was cancelled while it was built, or given to another builder."""


class TooLong(Exception):
    """There are more lines than the format holds; when it was asked for there were fewer."""


def build(pk: int) -> bool:
    """Freeze the lines of an export and say by which SHA-256 its file is known.

    Returns False, having kept nothing, if it is not its turn, was cancelled meanwhile, or grew too long.
    """
    export = _claim(pk)
    if export is None:
        return False
    try:
        return _build(export)
    except Stopped:
        return False
    except TooLong:
        _give_up(export)
        return False


def _build(export: Export) -> bool:
    total = exporting.count(export.version, export.wanted)
    if not filing.has_room(export.format, total):
        raise TooLong(export)
    if not _go_on(export, total=total, frozen=0):
        return False
    lines = _frozen(export, exporting.lines(export.version, export.wanted))
    with filing.to_file(export, lines) as file:
        return _finish(export, digest=filing.sha256(file))


def _frozen(export: Export, lines: Iterator[Line]) -> Iterator[Line]:
    """The lines, frozen some at a time on their way into the file."""
    export.rows = 0
    for number in itertools.count():
        batch = list(itertools.islice(lines, BATCH))
        if not batch:
            return
        export.rows += len(batch)
        if not _freeze(export, number, batch):
            raise Stopped(export)
        yield from batch


def frozen_lines(export: Export) -> Iterator[Line]:
    """The lines of the export as they were frozen. Raises sealing.Unreadable."""
    for piece in export.pieces.order_by("number").iterator(chunk_size=10):
        yield from models.unseal(piece, key=str(export.key))


def due(at: datetime | None = None) -> list[int]:
    """What waits for a builder; who was tried too often is given up."""
    waiting = Export.objects.claimable(at or timezone.now())
    for export in waiting.filter(attempts__gte=ATTEMPTS):
        _give_up(export)
    return list(waiting.filter(attempts__lt=ATTEMPTS).values_list("pk", flat=True))


def expire(at: datetime | None = None) -> int:
    """Destroy the lists whose time is over; returns how many."""
    over = Export.objects.filter(state__in=READY, expires_at__lte=at or timezone.now())
    gone = 0
    for export in over.defer("key"):
        with transaction.atomic():
            gone += _destroy(export, State.EXPIRED)
    return gone


@transaction.atomic
def _claim(pk: int) -> Export | None:
    now = timezone.now()
    mine = Export.objects.claimable(now).filter(pk=pk, attempts__lt=ATTEMPTS)
    changes = {"state": State.BUILDING, "heard_at": now, "attempts": F("attempts") + 1}
    if not mine.order_by().update(**changes, key=models.new_key()):
        return None
    export = Export.objects.select_related("letter", "version", "proposed_by").get(pk=pk)
    export.pieces.all().delete()
    return export


@transaction.atomic
def _freeze(export: Export, number: int, lines: list[Line]) -> bool:
    if not _go_on(export, frozen=export.rows):
        return False
    Piece.objects.create(export=export, number=number, lines=models.seal(lines, key=str(export.key)))
    return True


def _go_on(export: Export, **changes: object) -> bool:
    """Note how far it is; False for a builder whose export was cancelled, or given to another one."""
    mine = Export.objects.filter(pk=export.pk, state=State.BUILDING, attempts=export.attempts)
    return mine.update(heard_at=timezone.now(), **changes) == 1


@transaction.atomic
def _finish(export: Export, *, digest: str) -> bool:
    rows, expires_at = export.rows, timezone.now() + KEPT
    if not _go_on(export, state=State.BUILT, rows=rows, sha256=digest, expires_at=expires_at):
        return False
    export.sha256 = digest
    trail.record("export built", about=export, by=export.proposed_by, rows=rows, sha256=digest)
    telling.tell(export, telling.BUILT)
    return True


@transaction.atomic
def _give_up(export: Export) -> None:
    _destroy(export, State.FAILED)
    logger.error("export %s could not be built", export.pk)


def _destroy(export: Export, state: State) -> bool:
    export.pieces.all().delete()
    return Export.objects.filter(pk=export.pk, state=export.state).update(state=state, key=None) == 1
