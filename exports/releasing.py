"""The second person, and the one time that the list leaves."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.models import User
from exports import building, filing, telling
from exports.models import Export, State
from letters.permitting import Verb, are_known
from signatories.enrolled import exporting
from signatories.enrolled.exporting import Indexes, Line


class OwnExport(Exception):
    """Somebody would approve what they proposed themselves."""


class NotKnownYet(Exception):
    """The letter is at risk, and one of the two has had the role for less than three days."""


class NotThatFile(Exception):
    """What was approved is not what would leave: another hash, or a state in which nothing can."""


class NotOpen(Exception):
    """Not approved, approved too long ago, or taken out already: it takes a new approval."""


class File(NamedTuple):
    name: str
    content: IO[bytes]


@transaction.atomic
def approve(export: Export, *, sha256: str, by: User) -> None:
    """Let the file with exactly this hash leave once, within half an hour.

    Raises OwnExport, NotKnownYet, NotThatFile.
    """
    export = _locked(export)
    if export.proposed_by_id == by.pk:
        raise OwnExport(export)
    if not are_known(export.proposed_by, by, verb=Verb.EXPORT, letter=export.letter):
        raise NotKnownYet(export)
    if not export.can_be_approved() or export.sha256 != sha256:
        raise NotThatFile(export)
    export.state, export.approved_by, export.approved_at = State.APPROVED, by, timezone.now()
    export.taken_by = export.taken_at = export.taken_rows = None
    export.taken_sha256 = ""
    export.save(
        update_fields=[
            "state", "approved_by", "approved_at", "taken_by", "taken_at", "taken_rows", "taken_sha256",
        ]
    )  # fmt: skip
    trail.record("export approved", about=export, by=by, rows=export.rows, sha256=sha256)
    telling.tell(export, telling.APPROVED)


@transaction.atomic
def take(export: Export, *, by: User, at: datetime | None = None) -> File:
    """The file, once: as approved, without whoever took their signature back or hid it since then.

    Raises NotOpen, and NotThatFile if anything but that has changed.
    """
    at = at or timezone.now()
    export = _locked(export)
    if not export.is_open(at):
        raise NotOpen(export)
    content, rows = _as_approved_and_shown(export)
    export.state, export.taken_by, export.taken_at = State.TAKEN, by, at
    export.taken_rows, export.taken_sha256 = rows, filing.sha256(content)
    export.save(update_fields=["state", "taken_by", "taken_at", "taken_rows", "taken_sha256"])
    trail.record(
        "exported", about=export, by=by, profile=export.profile, format=export.format, why=export.why,
        rows=export.taken_rows, sha256=export.taken_sha256, approved_sha256=export.sha256,
    )  # fmt: skip
    telling.tell(export, telling.TAKEN)
    return File(f"{export.name}.{export.format}", content)


def _as_approved_and_shown(export: Export) -> tuple[IO[bytes], int]:
    """The approved file without whoever is gone since, and how many rows it has. Raises NotThatFile."""
    shown = exporting.still_shown(export.version, profile=export.profile)
    gone: list[int] = []
    content = filing.to_file(export, _noting(gone, building.frozen_lines(export), shown))
    if filing.sha256(content) != export.sha256:
        content.close()
        raise NotThatFile(export)
    if gone:
        content.close()
        left = (line for line in building.frozen_lines(export) if line.line in shown)
        content = filing.to_file(export, left)
    return content, (export.rows or 0) - len(gone)


def _noting(gone: list[int], lines: Iterable[Line], shown: Indexes) -> Iterator[Line]:
    """The lines as they are; which of them may not be shown any more is noted as they pass."""
    for line in lines:
        if line.line not in shown:
            gone.append(line.line)
        yield line


def _locked(export: Export) -> Export:
    rows = Export.objects.select_for_update(of=("self",)).select_related("letter", "version")
    return rows.get(pk=export.pk)
