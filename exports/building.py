"""Freezing the list that was asked for, in the background, and destroying it when its time is over."""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import trail
from exports import models, telling
from exports.models import ATTEMPTS, KEPT, READY, Export, Format, Piece, State
from signatories.enrolled import exporting, sheets
from signatories.enrolled.exporting import Line

BATCH = 2000
WRITE = {Format.CSV: exporting.to_csv, Format.XLSX: sheets.to_xlsx, Format.JSON: exporting.to_json}

logger = logging.getLogger(__name__)


def build(pk: int) -> bool:
    """Freeze the lines of an export and say by which SHA-256 its file is known.

    Returns False, having kept nothing, if it is not its turn, or was cancelled meanwhile.
    """
    export = _claim(pk)
    if export is None:
        return False
    lines = [line for line in exporting.lines(export.version) if _is_asked_for(line, export)]
    if not _go_on(export, total=len(lines), frozen=0):
        return False
    for number, start in enumerate(range(0, len(lines), BATCH)):
        if not _freeze(export, number, lines[start : start + BATCH], frozen=min(start + BATCH, len(lines))):
            return False
    digest = hashlib.sha256(to_file(export, lines)).hexdigest()
    return _finish(export, rows=len(lines), digest=digest)


def to_file(export: Export, lines: Iterable[Line]) -> bytes:
    """The export's file with these lines; the same lines give the same bytes."""
    rows = exporting.numbered(lines, version=export.version, profile=export.profile)
    return WRITE[Format(export.format)](rows, profile=export.profile, name=export.name)


def frozen_lines(export: Export) -> Iterator[Line]:
    """The lines of the export as they were frozen. Raises sealing.Unreadable."""
    for piece in export.pieces.order_by("number").iterator(chunk_size=10):
        yield from models.unseal(piece, key=str(export.key))


def due(at: datetime | None = None) -> list[int]:
    """What waits for a builder; who was tried too often is given up."""
    waiting = Export.objects.claimable(at or timezone.now())
    for export in waiting.filter(attempts__gte=ATTEMPTS):
        with transaction.atomic():
            _destroy(export, State.FAILED)
            logger.error("export %s could not be built", export.pk)
    return list(waiting.filter(attempts__lt=ATTEMPTS).values_list("pk", flat=True))


def expire(at: datetime | None = None) -> int:
    """Destroy the lists whose time is over; returns how many."""
    over = Export.objects.filter(state__in=READY, expires_at__lte=at or timezone.now())
    gone = 0
    for export in over.defer("key"):
        with transaction.atomic():
            gone += _destroy(export, State.EXPIRED)
    return gone


def _is_asked_for(line: Line, export: Export) -> bool:
    return line.visibility in exporting.SHOWN_TO[export.profile] and export.fits(line)


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
def _freeze(export: Export, number: int, lines: list[Line], *, frozen: int) -> bool:
    if not _go_on(export, frozen=frozen):
        return False
    Piece.objects.create(export=export, number=number, lines=models.seal(lines, key=str(export.key)))
    return True


def _go_on(export: Export, **changes: object) -> bool:
    """Note how far it is; False for a builder whose export was cancelled, or given to another one."""
    mine = Export.objects.filter(pk=export.pk, state=State.BUILDING, attempts=export.attempts)
    return mine.update(heard_at=timezone.now(), **changes) == 1


@transaction.atomic
def _finish(export: Export, *, rows: int, digest: str) -> bool:
    expires_at = timezone.now() + KEPT
    if not _go_on(export, state=State.BUILT, rows=rows, sha256=digest, expires_at=expires_at):
        return False
    export.rows, export.sha256 = rows, digest
    trail.record("export built", about=export, by=export.proposed_by, rows=rows, sha256=digest)
    telling.tell_owners(export, telling.BUILT)
    return True


def _destroy(export: Export, state: State) -> bool:
    export.pieces.all().delete()
    return Export.objects.filter(pk=export.pk, state=export.state).update(state=state, key=None) == 1
