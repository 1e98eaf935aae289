"""How an organisation's space opens, and who is let in."""

import logging
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.models import Trail, User, alias
from invitations.models import Invitation
from organisations import verifying
from organisations.models import Organisation
from scrutiny import domains, limits
from signatories.models import Signature
from spaces import trying
from spaces.models import Membership, TwoSign

logger = logging.getLogger(__name__)

Role = Membership.Role
LET_IN = "colleague let in"
PER_DAY = "colleagues_per_space_in_24_hours"
DAY = timedelta(hours=24)


class NotApproved(Exception):
    """The signature is no organisation's, or no moderator has approved it, or it does not stand any more."""


class Declined(Exception):
    """Who has declined an invitation, or of whom nothing is known any more, opens nothing by it."""


class NotSpeaker(Exception):
    """Only a speaker of the organisation does that."""


class IsOpen(Exception):
    """Others are in the space already."""


class IsHere(Exception):
    """They are in this space already."""


class TooManyToday(Exception):
    """A space mails so many strangers in a day, and no more."""


class LastSpeaker(Exception):
    """A space without a speaker is one that nobody could sign from."""


class TwoDecide(Exception):
    """While two must sign, nobody alone says who speaks: they would be both."""


def can_open(signature: Signature) -> bool:
    """Whether its representative may open the space of the organisation that signed.

    That is who signed for it first, or from a mailbox at its website's domain: a later signature in its name
    has been approved under one letter, and a space speaks under all.
    """
    if not (signature.organisation_id and signature.email and signature.is_standing()):
        return False
    assert signature.organisation is not None  # noqa: S101 - for the type checker
    domain = verifying.provable_domain(signature.organisation)
    if domain and domains.registrable(signature.email) == domain:
        return True
    standing = Signature.objects.standing().filter(organisation=signature.organisation_id)
    return standing.order_by("confirmed_at", "pk").first() == signature


@transaction.atomic
def open_for(signature: Signature) -> Membership:
    """Let the representative of an approved signature in, as a speaker; twice is as good as once.

    The caller has shown that they read the mailbox. Raises NotApproved; IsOpen
    where others are in the space: they let in whom they want, and whom they let go stays out.
    """
    row = Signature.objects.select_for_update().get(pk=signature.pk)
    if not can_open(row):
        raise NotApproved(row)
    assert row.organisation is not None and row.email is not None  # noqa: S101 - can_open has looked
    Organisation.objects.select_for_update().get(pk=row.organisation.pk)  # two who open it at once
    members = Membership.objects.filter(organisation=row.organisation_id)
    user = _account(row.email)
    if known := members.filter(user=user).first():
        return known
    if members.exists():
        raise IsOpen(row)
    if trial := trying.find(user, name=row.organisation_name or ""):
        return trying.end(trial, into=row.organisation)
    member = members.create(user=user, organisation=row.organisation, role=Role.SPEAKER, typed=row.email)
    trail.record("space opened", about=member, by=user, organisation=row.organisation_id)
    return member


@transaction.atomic
def open_invited(invitation: Invitation, *, country: str, website: str) -> Membership:
    """Let in whoever reads the mailbox that was invited, as a speaker on trial; twice is as good as once.

    They sign for the organisation, and nothing else, until a moderator has approved what they signed: whom a
    host invites, nobody else has looked at. Until then the space is one apart, and the same whether or not an
    organisation of that name has signed: hosts choose mailbox and name. Raises Declined.
    """
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if row.declined_at or row.email is None or row.name is None:
        raise Declined(row)
    return trying.begin(
        _account(row.email),
        name=row.name,
        language=row.language,
        country=country,
        website=website or None,
        typed=row.email,
    )


def confirm_approved() -> int:
    """End the trial of those whose signature a moderator has approved. Returns of how many."""
    return sum(_confirm(member) for member in Membership.objects.filter(by_invitation=True))


@transaction.atomic
def _confirm(member: Membership) -> bool:
    """Whether what they signed opens the space of the organisation by itself; then they are let in there."""
    opens = next((row for row in trying.signed_by(member).order_by("pk") if can_open(row)), None)
    if opens is None:
        return False
    try:
        open_for(opens)
    except (NotApproved, IsOpen):
        return False
    return True


def as_speaker(member: Membership) -> tuple[Membership, Organisation]:
    """The membership as it is now and its organisation, locked. Raises NotSpeaker.

    A merge that was waited for has moved or ended it: then nobody acts for the organisation that is gone.
    """
    organisation = Organisation.objects.select_for_update().get(pk=member.organisation_id)
    row = organisation.members.select_related("user", "organisation").filter(pk=member.pk).first()
    if row is None or organisation.merged_into_id or not row.may_speak():
        raise NotSpeaker(member)
    return row, organisation


@transaction.atomic
def let_in(*, email: str, role: str, by: Membership) -> Membership:
    """Let a colleague in, who is told by mail. Raises NotSpeaker, TwoDecide, IsHere, TooManyToday."""
    by, organisation = as_speaker(by)
    if role == Role.SPEAKER and TwoSign.objects.holds(organisation):
        raise TwoDecide(organisation)
    if _let_in_today(organisation) >= limits.limit(PER_DAY):
        raise TooManyToday(organisation)
    user = _account(email)
    member, is_new = Membership.objects.get_or_create(
        user=user, organisation=organisation, defaults={"role": role, "typed": email}
    )
    if not is_new:
        raise IsHere(member)
    trail.record(LET_IN, about=organisation, by=by.user, member=member.pk, role=role)
    get_adapter().send_mail("account/email/space", user.email, {"works_here": user.works_here})
    return member


@transaction.atomic
def let_go(member: Membership, *, by: Membership) -> None:
    """Remove a colleague from the space, or leave it. Raises NotSpeaker, TwoDecide, LastSpeaker."""
    organisation = Organisation.objects.select_for_update().get(pk=member.organisation_id)  # each the other
    if by != member:
        by, organisation = as_speaker(by)
    here = organisation.members.filter(pk=member.pk).first()
    if here is None:
        raise NotSpeaker(by)
    member = here
    if by != member and member.may_speak() and TwoSign.objects.holds(organisation):
        raise TwoDecide(organisation)
    others = organisation.members.filter(role=Role.SPEAKER)
    if member.may_speak() and not others.exclude(pk=member.pk).exists():
        raise LastSpeaker(member)
    trail.record("colleague let go", about=member, by=by.user, organisation=member.organisation_id)
    member.delete()


def _let_in_today(organisation: Organisation) -> int:
    """How many were let in within a day, whatever became of them: each has got a mail."""
    lines = Trail.objects.filter(about_type=organisation._meta.label_lower, about_id=organisation.pk)
    return lines.filter(what=LET_IN, at__gt=timezone.now() - DAY).count()


def _account(email: str) -> User:
    """Somebody's account, or a new one without a password, which opens no page of the desk."""
    known = User.objects.of_mailbox(email)
    return known or User.objects.create_user(alias(email), address=email, works_here=False)
