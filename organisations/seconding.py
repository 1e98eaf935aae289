"""What one moderator would change and another agrees to, where others know the organisation, too.

Who could alone move its website or take it another name would be given its badge, or its next signature.
"""

from typing import Any

from django.db import IntegrityError, transaction

from accounts import trail
from accounts.models import User
from organisations import editing
from organisations.models import Name, Organisation, ProposedChange

Kind = ProposedChange.Kind


class Waits(Exception):
    """A change of this kind, or of this name, waits for another moderator already."""


class NotWaiting(Exception):
    """Somebody has decided on it meanwhile, or it was taken back."""


class OwnChange(Exception):
    """Who proposed a change does not agree to it."""


@transaction.atomic
def change(organisation: Organisation, *, website: str, by: User, **facts: Any) -> bool:
    """Change what is known of it; a website waits where it needs a second. Returns whether all is done.

    Raises Waits.
    """
    try:
        editing.change(organisation, website=website, by=by, **facts)
    except editing.NeedsSecond:
        organisation.refresh_from_db(fields=["website"])  # another may have moved it meanwhile
        editing.change(organisation, website=organisation.website or "", by=by, **facts)
        _propose(organisation, Kind.WEBSITE, by=by, text=website)
        return False
    return True


@transaction.atomic
def add_name(organisation: Organisation, *, text: str, language: str, by: User) -> bool:
    """Recognise it by one more name, or let that wait. Returns whether done. Raises NameTaken, Waits."""
    try:
        editing.add_name(organisation, text=text, language=language, by=by)
    except editing.NeedsSecond:
        _propose(organisation, Kind.NAME, by=by, text=text, language=language)
        return False
    return True


@transaction.atomic
def lead_with(name: Name, *, by: User) -> bool:
    """List it by this name, or let that wait. Returns whether done. Raises Waits."""
    try:
        editing.lead_with(name, by=by)
    except editing.NeedsSecond:
        _propose(name.organisation, Kind.LEAD, by=by, name=name)
        return False
    return True


@transaction.atomic
def drop_name(name: Name, *, by: User) -> bool:
    """Recognise it by this name no more, or let that wait. Returns whether done. Raises MainName, Waits."""
    try:
        editing.drop_name(name, by=by)
    except editing.NeedsSecond:
        _propose(name.organisation, Kind.DROP, by=by, name=name)
        return False
    return True


@transaction.atomic
def accept(change: ProposedChange, *, by: User) -> None:
    """Change it as another has proposed. Raises NotWaiting, OwnChange, NameTaken, MainName."""
    row = _waiting(change)
    if row.by_id == by.pk:
        raise OwnChange(row)
    if row.kind == Kind.WEBSITE:
        editing.move(row.organisation, website=row.text or "", by=by)
    elif row.kind == Kind.NAME:
        editing.add_name(row.organisation, text=row.text or "", language=row.language, by=by, is_agreed=True)
    elif row.name is not None:
        act = editing.lead_with if row.kind == Kind.LEAD else editing.drop_name
        act(row.name, by=by, is_agreed=True)
    _end(row, "accepted", by=by)


@transaction.atomic
def decline(change: ProposedChange, *, by: User) -> None:
    """Leave it as it is; who proposed the change takes it back so. Raises NotWaiting."""
    _end(_waiting(change), "declined", by=by)


def _propose(organisation: Organisation, kind: Kind, *, by: User, **what: Any) -> None:
    try:
        with transaction.atomic():
            row = organisation.proposed_changes.create(kind=kind, by=by, **what)
    except IntegrityError as error:
        raise Waits(organisation) from error
    trail.record("change of an organisation proposed", about=organisation, by=by, change=row.pk, kind=kind)


def _end(row: ProposedChange, verdict: str, *, by: User) -> None:
    kind, number = row.kind, row.pk
    ProposedChange.objects.filter(pk=number).delete()
    said = f"change of an organisation {verdict}"
    trail.record(said, about=row.organisation, by=by, change=number, kind=kind)


def _waiting(change: ProposedChange) -> ProposedChange:
    """The row as it is now, its organisation locked. Raises NotWaiting."""
    organisation = Organisation.objects.select_for_update().get(pk=change.organisation_id)
    row = organisation.proposed_changes.select_related("name").filter(pk=change.pk).first()
    if row is None or (row.name and row.name.organisation_id != organisation.pk):
        raise NotWaiting(change)
    return row
