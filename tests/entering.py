"""The desk's door, for tests that are about what lies behind it, and an authenticator app to open it with."""

import base64
import time

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP as Kept
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.http import HttpRequest
from django.test import Client

from accounts import second_factors
from accounts.models import User

SHORTEST = 5  # seconds that digits have to live, on a machine with much to do
SECRET = base64.b32encode(b"an app's secret, of 32 letters..").decode()


def enter(client: Client, user: User, *, minutes_ago: int = 0, by: str = Authenticator.Type.WEBAUTHN) -> None:
    """Sign in as somebody who has shown everything there is to show, by a passkey or another factor."""
    client.force_login(user)
    request = HttpRequest()
    request.session = client.session
    second_factors.note_shown(request)
    record_authentication(request, user, "mfa", type=by, at=time.time() - 60 * minutes_ago)
    request.session.save()


def give_app(user: User) -> None:
    """Somebody has an authenticator app, with SECRET."""
    Kept.activate(user, SECRET)


def digits(secret: str = SECRET, *, ahead: int = 0) -> str:
    """What an app shows (RFC 6238), so many half minutes from now; good for some seconds at least."""
    left = 30 - time.time() % 30
    time.sleep(left if left < SHORTEST else 0)
    code = TOTP(base64.b32decode(secret), 6, SHA1(), 30, enforce_key_length=False)
    return code.generate(int(time.time()) + 30 * ahead).decode()
