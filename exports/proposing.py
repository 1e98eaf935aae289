"""Looking at what a list would be, asking for it, and taking that back."""

from django.db import transaction

from accounts import trail
from accounts.models import User
from exports.models import READY, UNDER_WAY, Export, State
from letters.models import Letter
from outbox import queueing
from signatories.enrolled import exporting
from signatories.enrolled.exporting import Line

SAMPLE = 5  # rows that are shown before a list is asked for


class NothingToExport(Exception):
    """The letter is a draft: nobody has signed it."""


class TooLate(Exception):
    """The export is over already: there is nothing left to cancel."""


def look(letter: Letter, export: Export, *, by: User) -> list[Line]:
    """Some lines of what the list would be; that somebody saw them, and for whom, stands on the trail."""
    lines = exporting.sample(export.version, export.wanted)[:SAMPLE]
    trail.record(
        "list looked at", about=letter, by=by, profile=export.profile, version=export.version.number,
        kind=export.kind, type=export.type, country=export.country, since=_day(export.since),
        until=_day(export.until), rows=len(lines),
    )  # fmt: skip
    return lines


@transaction.atomic
def propose(letter: Letter, export: Export, *, by: User) -> Export:
    """Have a list built, which somebody else may then approve. Raises NothingToExport."""
    if letter.current is None:
        raise NothingToExport(letter)
    export.letter, export.proposed_by = letter, by
    if export.version_id is None:
        export.version = letter.current
    export.save(force_insert=True)
    trail.record(
        "export proposed", about=export, by=by, profile=export.profile, format=export.format,
        version=export.version.number, kind=export.kind, type=export.type, country=export.country,
        since=_day(export.since), until=_day(export.until), why=export.why,
    )  # fmt: skip
    transaction.on_commit(lambda: queueing.queue("exports.build", export.pk))
    return export


@transaction.atomic
def cancel(export: Export, *, by: User) -> None:
    """Stop it wherever it stands, and destroy the list. Raises TooLate."""
    going = Export.objects.filter(pk=export.pk, state__in=[*UNDER_WAY, *READY])
    if not going.update(state=State.CANCELLED, key=None):
        raise TooLate(export)
    export.pieces.all().delete()
    trail.record("export cancelled", about=export, by=by)


def _day(day: object) -> str:
    return str(day or "")
