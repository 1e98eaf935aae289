"""Sessions in the database, each with its owner; a cookie that could not name one never reaches it.

A session is kept under a hash of its key, so that a copy of the database signs nobody in.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Session, User
from vault import browsers

BROWSER = "browser"  # the family, noted when somebody signs in


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        assert isinstance(row, Session)  # noqa: S101 - for the type checker
        row.session_key = kept_as(row.session_key)
        row.user_id, row.browser = data.get(SESSION_KEY), data.get(BROWSER, browsers.NONE)
        if "began_at" in data:
            row.began_at = datetime.fromtimestamp(data["began_at"], tz=UTC)
        return row

    def exists(self, session_key: str) -> bool:
        return super().exists(kept_as(session_key))

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            super().delete(kept_as(key))

    def _get_session_from_db(self) -> Session | None:
        assert self.session_key  # noqa: S101 - nothing is loaded without one
        live = Session.objects.filter(expire_date__gt=timezone.now())
        row = live.filter(session_key=kept_as(self.session_key)).first()
        if row is None:
            self._session_key = None
        return row

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and key.isascii() and key.isalnum() and super()._validate_session_key(key))  # type: ignore[misc]


def kept_as(key: str) -> str:
    """What of a key is kept: 160 bits of its SHA-256, as a key itself has 165 that nobody can guess."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def sessions_of(user: User) -> "QuerySet[Session]":
    """Where somebody is signed in now, the newest first."""
    return user.sessions.filter(expire_date__gt=timezone.now()).order_by("-began_at")


def end(user: User, *, but: str | None, kept: str | None = None) -> int:
    """End somebody's sessions, all `but` the one with this key, or only the one that is kept as this.

    Returns how many.
    """
    others = user.sessions.exclude(session_key=kept_as(but or ""))
    return (others if kept is None else others.filter(session_key=kept)).delete()[0]
