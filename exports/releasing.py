"""The second person, and the one time that the list leaves."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.models import User
from exports import building, telling
from exports.models import Export, State
from signatories.enrolled import exporting


class OwnExport(Exception):
    """Somebody would approve what they proposed themselves."""


class NotThatFile(Exception):
    """What was approved is not what would leave: another hash, or a state in which nothing can."""


class NotOpen(Exception):
    """Not approved, approved too long ago, or taken out already: it takes a new approval."""


class File(NamedTuple):
    name: str
    content: bytes


@transaction.atomic
def approve(export: Export, *, sha256: str, by: User) -> None:
    """Let the file with exactly this hash leave once, within half an hour. Raises OwnExport, NotThatFile."""
    export = _locked(export)
    if export.proposed_by_id == by.pk:
        raise OwnExport(export)
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
    telling.tell_owners(export, telling.APPROVED)


@transaction.atomic
def take(export: Export, *, by: User, at: datetime | None = None) -> File:
    """The file, once: as approved, without whoever took their signature back or hid it since then.

    Raises NotOpen, and NotThatFile if anything but that has changed.
    """
    at = at or timezone.now()
    export = _locked(export)
    if not export.is_open(at):
        raise NotOpen(export)
    lines = list(building.frozen_lines(export))
    content = building.to_file(export, lines)
    if hashlib.sha256(content).hexdigest() != export.sha256:
        raise NotThatFile(export)
    shown = exporting.still_shown(export.version, profile=export.profile)
    left = [line for line in lines if line.line in shown]
    if len(left) < len(lines):
        content = building.to_file(export, left)
    export.state, export.taken_by, export.taken_at = State.TAKEN, by, at
    export.taken_rows, export.taken_sha256 = len(left), hashlib.sha256(content).hexdigest()
    export.save(update_fields=["state", "taken_by", "taken_at", "taken_rows", "taken_sha256"])
    trail.record(
        "exported", about=export, by=by, profile=export.profile, format=export.format, why=export.why,
        rows=export.taken_rows, sha256=export.taken_sha256, approved_sha256=export.sha256,
    )  # fmt: skip
    telling.tell_owners(export, telling.TAKEN)
    return File(f"{export.name}.{export.format}", content)


def _locked(export: Export) -> Export:
    rows = Export.objects.select_for_update(of=("self",)).select_related("letter", "version")
    return rows.get(pk=export.pk)
