"""Giving somebody an account: the operator makes the first one, on the command line, owners the others."""

import logging

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import sessions, trail
from accounts.models import User

logger = logging.getLogger(__name__)


class SomebodyWorksHere(Exception):
    """There is staff already: the next account is theirs to give."""


@transaction.atomic
def invite_first_owner(email: str, *, name: str = "") -> User:
    """Make the first account, which may do everything, and mail it a link to set a password.

    Raises SomebodyWorksHere once anybody has an account.
    """
    if User.objects.exists():
        raise SomebodyWorksHere
    owner = User.objects.create_superuser(email, name=name)
    trail.record("first owner invited", about=owner, by=None)
    mail_password_link(owner)
    return owner


@transaction.atomic
def invite(email: str, *, name: str, by: User) -> User:
    """Make an account for somebody who works at the desk, and mail them a link to set a password."""
    user = User.objects.create_user(email, name=name)
    trail.record("account given", about=user, by=by)
    mail_password_link(user)
    return user


@transaction.atomic
def promote(user: User, *, by: User) -> None:
    """Let somebody work at the desk who so far only spoke for an organisation."""
    # whatever somebody with the mailbox has set up so far opens no desk
    Authenticator.objects.filter(user=user).delete()
    sessions.end(user, but=None)
    user.set_unusable_password()
    user.email, user.address, user.works_here = user.mailbox.lower(), None, True
    user.save(update_fields=["email", "address", "works_here", "password"])
    trail.record("account given", about=user, by=by)
    mail_password_link(user)


def mail_password_link(user: User) -> None:
    """Post a mail with a link by which the user sets a password, for as long as PASSWORD_RESET_TIMEOUT."""
    adapter = get_adapter()
    key = f"{user_pk_to_url_str(user)}-{PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)}"
    address = adapter.get_reset_password_from_key_url(key)
    adapter.send_mail("account/email/welcome", user.email, {"password_url": address})
    logger.info("user %s invited", user.pk)
