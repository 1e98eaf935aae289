"""What staff show beside the password: a passkey or an app's code; recovery codes for when those are lost.

Without one nobody sees more than the pages on which it is set up (middleware.SecondFactor).
"""

import base64
from collections.abc import Iterator
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from vault import rotating, sealing

Type = Authenticator.Type
FACTORS = [Type.TOTP, Type.WEBAUTHN]
SHOWN = "second_factor_shown"  # in the session: no page but those of setting up is seen without it
PLACE = "mfa.Authenticator.data"
SEALED = ("secret", "seed")  # what of `data` is sealed


class SecondFactors(DefaultMFAAdapter):
    """How allauth's second factors behave here: sealed in the database, and never without one."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Set up another way first: nobody works here with a password alone.")
    }

    def _get_site_name(self) -> str:
        return settings.SITE_NAME

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """What the browser shows beside a passkey: the address that somebody knows as theirs."""
        return super().get_public_key_credential_user_entity(user) | {"name": user.mailbox}

    def encrypt(self, text: str) -> str:
        return base64.b64encode(sealing.seal(text, place=PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(base64.b64decode(encrypted_text), place=PLACE)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        return others.exclude(pk=authenticator.pk).exists()


def has_one(user: User) -> bool:
    """Whether somebody has set up a second factor."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def has_passkey(user: User) -> bool:
    """Whether somebody can prove to be there in a way that no copied page can catch."""
    return Authenticator.objects.filter(user=user, type=Type.WEBAUTHN).exists()


def note_shown(request: HttpRequest) -> None:
    """From now on the session is one of somebody who has shown a second factor."""
    request.session[SHOWN] = True


def is_shown(request: HttpRequest) -> bool:
    return bool(request.session.get(SHOWN))


class _Secrets:
    """What is sealed inside allauth's own column, for changing keys."""

    def left_over(self) -> int:
        return sum(1 for row in Authenticator.objects.iterator() if _is_stale(row.data))

    def rotate(self) -> Iterator[rotating.Step]:
        for number in list(Authenticator.objects.order_by("pk").values_list("pk", flat=True)):
            yield self._reseal(number)

    @transaction.atomic
    def _reseal(self, number: int) -> rotating.Step:
        row = Authenticator.objects.select_for_update().filter(pk=number).first()
        if row is None or not _is_stale(row.data):
            return rotating.Step(Authenticator, 0, 0)
        adapter = SecondFactors()
        try:
            row.data |= {
                key: adapter.encrypt(adapter.decrypt(row.data[key])) for key in SEALED if key in row.data
            }
        except sealing.Unreadable:
            return rotating.Step(Authenticator, 0, 1)
        row.save(update_fields=["data"])
        return rotating.Step(Authenticator, 1, 0)


def _is_stale(data: dict[str, Any]) -> bool:
    newest = sealing.newest_header()
    return any(not base64.b64decode(data[key]).startswith(newest) for key in SEALED if key in data)


rotating.also(_Secrets())
