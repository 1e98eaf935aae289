"""How an organisation's space opens, and who is let in."""

from allauth.account.adapter import get_adapter
from django.db import transaction

from accounts import trail
from accounts.models import User, alias
from organisations import verifying
from organisations.models import Organisation
from scrutiny import domains
from signatories.models import Signature
from spaces.models import Membership

Role = Membership.Role


class NotApproved(Exception):
    """The signature is no organisation's, or no moderator has approved it, or it does not stand any more."""


class NotSpeaker(Exception):
    """Only a speaker of the organisation does that."""


class IsOpen(Exception):
    """Others are in the space already."""


class IsHere(Exception):
    """They are in this space already."""


class LastSpeaker(Exception):
    """A space without a speaker is one that nobody could sign from."""


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
    user = User.objects.of_mailbox(row.email)
    if user and (known := members.filter(user=user).first()):
        return known
    if members.exists():
        raise IsOpen(row)
    user = _account(row.email)
    member = members.create(user=user, organisation=row.organisation, role=Role.SPEAKER)
    trail.record("space opened", about=member, by=user, organisation=row.organisation_id)
    return member


@transaction.atomic
def let_in(*, email: str, role: str, by: Membership) -> Membership:
    """Let a colleague in, who is told by mail. Raises NotSpeaker, IsHere."""
    if not by.may_speak():
        raise NotSpeaker(by)
    user = _account(email)
    member, is_new = Membership.objects.get_or_create(
        user=user, organisation=by.organisation, defaults={"role": role}
    )
    if not is_new:
        raise IsHere(member)
    trail.record("colleague let in", about=member, by=by.user, organisation=by.organisation_id, role=role)
    get_adapter().send_mail("account/email/space", user.email, {"works_here": user.works_here})
    return member


@transaction.atomic
def let_go(member: Membership, *, by: Membership) -> None:
    """Remove a colleague from the space, or leave it. Raises NotSpeaker, LastSpeaker."""
    if by != member and not (by.may_speak() and by.organisation_id == member.organisation_id):
        raise NotSpeaker(by)
    Organisation.objects.select_for_update().get(pk=member.organisation_id)  # two speakers, each the other
    others = Membership.objects.filter(organisation=member.organisation_id, role=Role.SPEAKER)
    if member.may_speak() and not others.exclude(pk=member.pk).exists():
        raise LastSpeaker(member)
    trail.record("colleague let go", about=member, by=by.user, organisation=member.organisation_id)
    member.delete()


def _account(email: str) -> User:
    """Somebody's account, or a new one without a password, which opens no page of the desk."""
    known = User.objects.of_mailbox(email)
    return known or User.objects.create_user(alias(email), address=email, works_here=False)
