"""Sessions in the database, each with its owner; a cookie that could not name one never reaches it."""

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
        row.user_id, row.browser = data.get(SESSION_KEY), data.get(BROWSER, browsers.NONE)
        if "began_at" in data:
            row.began_at = datetime.fromtimestamp(data["began_at"], tz=UTC)
        return row

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and key.isascii() and key.isalnum() and super()._validate_session_key(key))  # type: ignore[misc]


def sessions_of(user: User) -> "QuerySet[Session]":
    """Where somebody is signed in now, the newest first."""
    return user.sessions.filter(expire_date__gt=timezone.now()).order_by("-began_at")


def end(user: User, *, but: str | None, mark: str | None = None) -> int:
    """End somebody's sessions, all `but` the one with this key, or only the one with this mark.

    Returns how many.
    """
    others = user.sessions.exclude(session_key=but)
    ended = [row.pk for row in others if mark is None or row.mark() == mark]
    return user.sessions.filter(pk__in=ended).delete()[0]
