"""Proving again to be there, before what can hardly be undone: a session may have been left open, or stolen.

Who approves what somebody else has proposed does it by a passkey, which no copied page can catch.
"""

import time
from datetime import timedelta

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import second_factors

PASSKEY = Authenticator.Type.WEBAUTHN


def is_fresh(request: HttpRequest, *, by_passkey: bool = False, within: timedelta | None = None) -> bool:
    """Whether somebody has signed in, or proven to be there again, `within` the last minutes (default: five).

    `by_passkey`: no other proof will do.
    """
    since = time.time() - (within.total_seconds() if within else app_settings.REAUTHENTICATION_TIMEOUT)
    records = get_authentication_records(request, request.user)
    return any(
        record["at"] > since and (not by_passkey or record.get("type") == PASSKEY) for record in records
    )


def came_by_code_alone(request: HttpRequest) -> bool:
    """Whether the session began with a mailed code, and neither a password nor a passkey was shown in it."""
    methods = {record.get("method") for record in get_authentication_records(request, request.user)}
    return methods == {"code"}


def ask(request: HttpRequest, *, then: str, by_passkey: bool = False) -> HttpResponse:
    """Send somebody to the page on which they prove to be there, and on to the path `then`."""
    if by_passkey and not second_factors.has_passkey(request.user):  # type: ignore[arg-type]
        messages.warning(
            request, _("Nothing was changed: who approves needs a passkey. Add one here, then approve.")
        )
        return redirect("mfa_list_webauthn")
    messages.info(
        request, _("Nothing was changed yet: show first that it is you, then press the button again.")
    )
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': then})}")
