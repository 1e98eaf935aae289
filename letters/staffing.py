"""Who works on a letter: roles are given and taken by its owners, and whoever is new here is invited."""

from allauth.account.adapter import get_adapter
from django.db import transaction
from django.utils import timezone

from accounts import inviting, trail
from accounts.models import User
from letters.models import Letter, Role


class AccountClosed(Exception):
    """Somebody worked here once; only the operator opens the account again."""


class HasRole(Exception):
    """They have this role on this letter already."""


class LastOwner(Exception):
    """A letter without an owner is one that nobody could publish, close or take down."""


@transaction.atomic
def give(letter: Letter, *, email: str, name: str, kind: str, by: User) -> Role:
    """Give somebody a role, and an account to whoever has none; both are told by mail, the other owners too.

    `name` is for a new account; somebody who has one keeps theirs. Raises AccountClosed, HasRole.
    """
    known = User.objects.of_mailbox(email)
    user = known or inviting.invite(email, name=name, by=by)
    if not user.is_active:
        raise AccountClosed(user)
    if not user.works_here:
        inviting.promote(user, by=by)
    role, is_given = Role.objects.get_or_create(
        letter=letter, user=user, kind=kind, defaults={"given_at": timezone.now()}
    )
    if not is_given:
        raise HasRole(role)
    trail.record("role given", about=role, by=by, user=user.pk, kind=kind)
    _tell(letter, but=[by, user])
    if known:
        get_adapter().send_mail("account/email/your_roles_changed", user.email, {})
    return role


@transaction.atomic
def take(role: Role, *, by: User) -> None:
    """Take a role from somebody, or lay one's own down. Raises LastOwner."""
    letter = Letter.objects.select_for_update().get(
        pk=role.letter_id
    )  # two owners must not remove each other
    others = letter.roles.filter(kind=Role.Kind.OWNER, user__is_active=True).exclude(pk=role.pk)
    if role.kind == Role.Kind.OWNER and not others.exists():
        raise LastOwner(role)
    trail.record("role taken", about=role, by=by, user=role.user_id, kind=role.kind)
    _tell(letter, but=[by, role.user])
    if role.user != by:
        get_adapter().send_mail("account/email/your_roles_changed", role.user.email, {})
    role.delete()


def works_alone(letter: Letter) -> bool:
    """Whether nobody is there to agree to what somebody proposes."""
    return letter.roles.filter(user__is_active=True).values("user").distinct().count() < 2


def _tell(letter: Letter, *, but: list[User]) -> None:
    """Tell the letter's other owners that who works on it has changed, without naming it."""
    owners = User.objects.filter(roles__letter=letter, roles__kind=Role.Kind.OWNER, is_active=True).distinct()
    for owner in owners.exclude(pk__in=[user.pk for user in but]):
        get_adapter().send_mail("account/email/people_changed", owner.email, {})
