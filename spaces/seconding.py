"""What one speaker gives and another confirms, where two must sign for an organisation."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import trail
from letters.models import Letter, LetterQuerySet
from organisations.models import Organisation
from signatories import consenting, signing
from signatories.models import CONFIRM_WITHIN, Signature
from spaces import speaking, telling
from spaces.models import Given, Membership, TwoSign, Waiting, speakers
from spaces.opening import as_speaker


class AlreadyWaits(Exception):
    """One for this letter waits for another speaker already."""


class GaveIt(Exception):
    """Who gave a signature does not confirm it."""


@dataclass(frozen=True)
class Shown:
    """Who of the space gave a signature and who confirmed it, in words."""

    gave: str = ""
    confirmed: str = ""


@transaction.atomic
def give(member: Membership, letter: Letter, **answers: Any) -> Signature | None:
    """Sign for the organisation at once; where two must sign let it wait for another, and return None.

    Raises AlreadyWaits, and what speaking.sign raises.
    """
    organisation = speaking.can_sign(member, letter)
    if not TwoSign.objects.holds(organisation):
        return speaking.sign(member, letter, **answers)
    if not letter.is_open() or letter.current is None:
        raise signing.LetterNotOpen(letter)
    if answers["version"] != letter.current.number:
        raise signing.VersionChanged(letter)
    forget_lapsed()
    if organisation.waiting.filter(letter=letter).exists():
        raise AlreadyWaits(letter)
    agreed = {name: answers[name] for name in ("language", "visibility", "updates")}
    consent = consenting.record(letter.current, **agreed)
    waiting = organisation.waiting.create(member=member, letter=letter, consent=consent, **answers)
    trail.record("waits for a second speaker", about=waiting, by=member.user, letter=letter.pk)
    telling.tell(speakers(organisation).exclude(pk=member.pk), about=f"letter {letter.pk}")
    return None


@transaction.atomic
def confirm(member: Membership, *, number: int) -> Signature:
    """Confirm what another speaker gave; a moderator looks at it then, as at every organisation's.

    Raises NotSpeaker, Waiting.DoesNotExist, GaveIt, and what speaking.sign raises.
    """
    row = _locked(member, number)
    if row.member_id == member.pk:
        raise GaveIt(row)
    return speaking.sign(
        row.member,
        row.letter,
        name=row.name,
        role=row.role,
        visibility=row.visibility,
        updates=row.updates,
        language=row.language,
        version=row.version,
        second=member,
        consent=row.consent,
    )


@transaction.atomic
def refuse(member: Membership, *, number: int) -> None:
    """Say no, or take back what one gave: nothing is left of it. Raises NotSpeaker, Waiting.DoesNotExist."""
    row = _locked(member, number)
    trail.record("not confirmed in its space", about=row, by=member.user, letter=row.letter_id)
    row.delete()


def waiting_for(organisation: Organisation) -> QuerySet[Waiting]:
    """What still waits for a second speaker."""
    fresh = organisation.waiting.filter(at__gt=timezone.now() - CONFIRM_WITHIN)
    return fresh.select_related("member__user", "letter")


def open_letters(organisation: Organisation, *, besides: list[int]) -> LetterQuerySet:
    """The letters that it could sign now; where two must sign, `besides` those for which one waits."""
    letters = speaking.open_letters(organisation)
    return letters.exclude(pk__in=besides) if TwoSign.objects.holds(organisation) else letters


def shown(organisation: Organisation, signatures: list[Signature]) -> dict[int, Shown]:
    """Of each signature given in the space who gave and who confirmed it; of who has left, no address."""
    here = {member.user_id: member.mailbox for member in organisation.members.select_related("user")}
    gone = _("somebody who is here no more")
    rows = Given.objects.filter(signature__in=[row.pk for row in signatures])
    return {
        row.signature_id: Shown(
            gave=here.get(row.signed_by_id, gone),
            confirmed=here.get(row.confirmed_by_id, gone) if row.confirmed_by_id else "",
        )
        for row in rows
    }


def forget_lapsed() -> int:
    """Delete what nobody has confirmed in time, and who gave what is erased. Returns how many lapsed."""
    Given.objects.filter(signature__erased_at__isnull=False).delete()
    lapsed, _by_table = Waiting.objects.filter(at__lte=timezone.now() - CONFIRM_WITHIN).delete()
    return lapsed


def _locked(member: Membership, number: int) -> Waiting:
    _row, organisation = as_speaker(member)
    return waiting_for(organisation).get(pk=number)
