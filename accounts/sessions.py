"""Sessions in the database; a cookie that could not be the name of one never reaches it."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore


class SessionStore(DatabaseStore):
    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and key.isascii() and key.isalnum() and super()._validate_session_key(key))  # type: ignore[misc]
