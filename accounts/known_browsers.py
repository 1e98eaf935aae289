"""Browsers from which somebody has signed in before: signing in from another one is told by mail.

The browser keeps a random word and its keyed hash for the one account; the site keeps nothing.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from vault.indexing import blind_index

COOKIE = "__Host-known" if settings.SECURE_HTTPS else "known"
KEPT = timedelta(days=180)


def is_known(request: HttpRequest, user: User) -> bool:
    word, _, mark = request.COOKIES.get(COOKIE, "").partition(".")
    return secrets.compare_digest(mark.encode(), _mark(word, user).encode())


def remember(response: HttpResponse, user: User) -> None:
    word = secrets.token_hex(16)
    response.set_cookie(
        COOKIE,
        f"{word}.{_mark(word, user)}",
        max_age=KEPT,
        secure=settings.SECURE_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _mark(word: str, user: User) -> str:
    return blind_index("known browser", f"{user.pk}|{word}")
