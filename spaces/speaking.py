"""Signing in an organisation's name from its space, in one step, and taking that back."""

from typing import Any

from django.db import transaction

from accounts import trail
from letters.models import Letter, LetterQuerySet
from organisations.models import Name, Organisation
from signatories import confirming, signing
from signatories.models import Kind, Signature
from signatories.models.signatures import SignatureQuerySet
from spaces import trying
from spaces.models import Given, Membership, TwoSign, Waiting
from spaces.opening import NotSpeaker, as_speaker
from vault.indexing import address_index

STANDING = {"kind": Kind.ORGANISATION, "erased_at": None, "rejected_at": None}


class AlreadySigned(Exception):
    """The organisation stands under the letter, or waits there for a moderator."""


class NeedsSecond(Exception):
    """Two must sign for the organisation, and one has."""


def signatures_of(organisation: Organisation) -> SignatureQuerySet:
    """What is confirmed of the organisation: approved, or signed in its name from a mailbox of its members.

    What strangers sign in its name is none of its own until a moderator says so.
    """
    if trial := organisation.members.filter(by_invitation=True).select_related("user").first():
        return trying.signed_by(trial).filter(**STANDING)
    keys = organisation.names.values_list("key", flat=True)
    members = organisation.members.select_related("user")
    addresses = [address_index(member.user.mailbox) for member in members]
    mine = Signature.objects.confirmed().filter(**STANDING)
    return mine.filter(organisation=organisation) | mine.filter(
        organisation=None, organisation_key__in=list(keys), address__in=addresses
    )


def open_letters(organisation: Organisation) -> LetterQuerySet:
    """The letters that it could sign now, the newest first."""
    signed = signatures_of(organisation).values_list("letter", flat=True)
    return Letter.objects.open().exclude(pk__in=list(signed)).order_by("-published_at", "pk")


def name_in(organisation: Organisation, language: str) -> str:
    """Its name in a language, else the one it is listed by."""
    names = organisation.names.exclude(kind=Name.Kind.ALIAS)
    own = next((name.text for name in names if name.language == language), "")
    return own or organisation.name


def last_by(member: Membership) -> Signature | None:
    """What the member has last signed for the organisation: whence name and role are known."""
    mine = signatures_of(member.organisation).filter(address=address_index(member.user.mailbox))
    return mine.order_by("-pk").first()


@transaction.atomic
def sign(
    member: Membership,
    letter: Letter,
    *,
    name: str,
    role: str,
    visibility: str,
    updates: bool,
    language: str,
    version: int,
    second: Membership | None = None,
    consent: dict[str, Any] | None = None,
) -> Signature:
    """Sign the letter for the organisation; it is confirmed at once, since the mailbox has just been proven.

    A moderator approves it like any organisation's. Where two must sign, `second` has confirmed it, and
    `consent` is what the first agreed to. Raises NeedsSecond, what can_sign raises, and what sign raises.
    """
    organisation = can_sign(member, letter)
    if second is None and TwoSign.objects.holds(organisation):
        raise NeedsSecond(letter)
    Waiting.objects.filter(organisation=organisation, letter=letter).delete()
    attempt = signing.sign(
        letter,
        kind=Kind.ORGANISATION,
        name=name,
        role=role,
        email=member.user.mailbox,
        organisation=name_in(organisation, language),
        website=organisation.website or "",
        country=organisation.country,
        visibility=visibility,
        updates=updates,
        language=language,
        version=version,
    )
    if consent is not None:
        attempt.consent = consent
        attempt.save(update_fields=["consent"])
    row = confirming.confirm(attempt)
    if row.pk != attempt.pk:
        raise AlreadySigned(letter)
    _note(row, member, second)
    return row


def can_sign(member: Membership, letter: Letter) -> Organisation:
    """The organisation, locked, if its speaker may sign. Raises NotSpeaker, AlreadySigned."""
    _row, organisation = as_speaker(member)
    if signatures_of(organisation).filter(letter=letter).exists():
        raise AlreadySigned(letter)
    return organisation


def _note(row: Signature, member: Membership, second: Membership | None) -> None:
    Given.objects.create(
        signature=row,
        signed_by=member.user,
        confirmed_by=second.user if second else None,
        by_two=second is not None,
    )
    trail.record("signed from its space", about=row, by=member.user, letter=row.letter_id)
    if second:
        trail.record("confirmed from its space", about=row, by=second.user, letter=row.letter_id)


@transaction.atomic
def withdraw(member: Membership, signature: Signature) -> None:
    """Take the organisation's signature back. Raises NotSpeaker."""
    if not member.may_speak():
        raise NotSpeaker(member)
    signing.withdraw(signature)
    trail.record("withdrawn from its space", about=signature, by=member.user, letter=signature.letter_id)
