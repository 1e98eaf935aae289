"""An organisation's word for another, given from its space by one of its speakers, and taken back there."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from organisations import recognising, verifying
from organisations.models import Evidence, EvidenceQuerySet, Organisation
from scrutiny import limits
from signatories.models import Listing
from spaces.models import Membership
from spaces.opening import NotSpeaker

PER_DAY = "words_per_space_in_24_hours"
DAY = timedelta(hours=24)


class NotListed(Exception):
    """No organisation of that name stands on a letter's list: of others a space learns nothing."""


class TooManyToday(Exception):
    """An organisation gives its word for so many others in a day, and no more."""


def can_vouch(organisation: Organisation) -> bool:
    """Whether its word counts: evidence of its own proves who it is."""
    return Organisation.objects.current().proven().filter(pk=organisation.pk).exists()


def words_of(organisation: Organisation) -> EvidenceQuerySet:
    """For whom it stands, the newest first."""
    words = organisation.vouches.standing().select_related("organisation")
    return words.prefetch_related("organisation__names").order_by("-at", "-pk")


@transaction.atomic
def vouch(member: Membership, *, name: str, said: str) -> Evidence:
    """Give the organisation's word for the one that is listed by that name; it holds for a year.

    Raises NotSpeaker, TooManyToday, NotListed, and what noting a word raises.
    """
    if not member.may_speak() or member.is_on_trial():
        raise NotSpeaker(member)
    voucher = Organisation.objects.select_for_update().get(pk=member.organisation_id)
    given = Evidence.objects.filter(voucher=voucher, by__works_here=False, at__gt=timezone.now() - DAY)
    if given.count() >= limits.limit(PER_DAY):
        raise TooManyToday(voucher)
    other = _listed(name)
    return verifying.note_word(other, voucher=voucher, said=said, said_at=timezone.now(), by=member.user)


@transaction.atomic
def take_back(member: Membership, *, number: int) -> None:
    """End the organisation's word for another, whoever noted it. Raises NotSpeaker, Evidence.DoesNotExist."""
    if not member.may_speak() or member.is_on_trial():
        raise NotSpeaker(member)
    verifying.revoke(member.organisation.vouches.standing().get(pk=number), by=member.user)


def _listed(name: str) -> Organisation:
    """The organisation that readers see by one of its names. Raises NotListed."""
    listed = Listing.objects.filter(letter__taken_down_at=None).values("signature__organisation")
    known = Organisation.objects.current().filter(names__key=recognising.index(name), pk__in=listed)
    if (row := known.first()) is None:
        raise NotListed(name)
    return row
