"""Names that an organisation's own people propose in its space: none is its name until a moderator says so.

Whoever wants to pass for another organisation would do it by a second name.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.models import Trail, User
from organisations import editing
from organisations.models import Name, Organisation, ProposedName
from scrutiny import limits

PROPOSED = "name of an organisation proposed"
PER_DAY = "names_proposed_per_space_in_24_hours"
DAY = timedelta(hours=24)


class Waits(Exception):
    """A name in this language waits for a moderator already."""


class TooManyToday(Exception):
    """The people of one organisation propose so many names in a day, and no more."""


class NotWaiting(Exception):
    """Somebody has decided on it meanwhile, or it was taken back."""


@transaction.atomic
def propose(organisation: Organisation, *, text: str, language: str, by: User) -> ProposedName:
    """Ask moderators to recognise the organisation by this name.

    Whether any organisation has it already is not told: else a space could ask which names there are.
    Raises Waits, TooManyToday.
    """
    row = _locked(organisation)
    same = row.proposed_names.filter(language=language)
    if same.waiting().exists():
        raise Waits(organisation)
    if _proposed_today(row) >= limits.limit(PER_DAY):
        raise TooManyToday(organisation)
    same.delete()  # what was decided before
    proposed = row.proposed_names.create(language=language, text=text)
    trail.record(PROPOSED, about=row, by=by, proposal=proposed.pk, language=language)
    return proposed


@transaction.atomic
def take_back(proposed: ProposedName, *, by: User) -> None:
    """Ask no more. Raises NotWaiting."""
    row = _waiting(proposed)
    trail.record("proposed name taken back", about=row.organisation, by=by, proposal=row.pk)
    row.delete()


@transaction.atomic
def accept(proposed: ProposedName, *, by: User) -> Name:
    """Recognise the organisation by the name from now on. Raises NotWaiting, editing.NameTaken."""
    row = _waiting(proposed)
    assert row.text is not None  # noqa: S101 - a constraint says so
    name = editing.add_name(row.organisation, text=row.text, language=row.language, by=by, is_agreed=True)
    _decide(row, "accepted_at")
    trail.record("proposed name accepted", about=row.organisation, by=by, proposal=row.pk, name=name.pk)
    return name


@transaction.atomic
def decline(proposed: ProposedName, *, by: User) -> None:
    """Recognise the organisation by no such name. Raises NotWaiting."""
    row = _waiting(proposed)
    _decide(row, "declined_at")
    trail.record("proposed name declined", about=row.organisation, by=by, proposal=row.pk)


def _decide(row: ProposedName, moment: str) -> None:
    ProposedName.objects.filter(pk=row.pk).update(**{moment: timezone.now()}, text=None)


def _waiting(proposed: ProposedName) -> ProposedName:
    """The row as it is now, its organisation locked. Raises NotWaiting."""
    organisation = _locked(proposed.organisation)
    row = organisation.proposed_names.waiting().filter(pk=proposed.pk).first()
    if row is None:
        raise NotWaiting(proposed)
    return row


def _locked(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _proposed_today(organisation: Organisation) -> int:
    """How many within a day, whatever became of them."""
    lines = Trail.objects.filter(about_type=organisation._meta.label_lower, about_id=organisation.pk)
    return lines.filter(what=PROPOSED, at__gt=timezone.now() - DAY).count()
