"""The environment, read once, by type, and loud when something is wrong."""

import base64
import binascii
import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32


class Environment:
    """Variables of the process, or, while it has no SECRET_KEY, of the file `var/env`.

    Every reader raises ImproperlyConfigured with a sentence that names the variable.
    """

    def __init__(self, file: Path) -> None:
        if not os.environ.get("SECRET_KEY") and file.exists():
            environ.Env.read_env(str(file))
        self.reader = environ.Env()
        self.debug = self.yes_or_no("DEBUG", default=False)

    def text(self, name: str, *, default: str | None = None, needed: bool = False) -> str:
        """The variable, else `default`; `needed` ones have no default while DEBUG is off."""
        value = os.environ.get(name, "").strip()
        if value:
            return value
        if default is None or (needed and not self.debug):
            raise ImproperlyConfigured(f"{name} is not set. See .env.example for what it means.")
        return default

    def texts(self, name: str, *, default: str | None = None, needed: bool = False) -> list[str]:
        """The same, split at commas."""
        value = self.text(name, default=default, needed=needed)
        return [part.strip() for part in value.split(",") if part.strip()]

    def yes_or_no(self, name: str, *, default: bool) -> bool:
        try:
            return self.reader.bool(name, default=default)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} must be 1 or 0.") from error

    def number(self, name: str, *, default: int) -> int:
        try:
            value = self.reader.int(name, default=default)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} must be a whole number.") from error
        if value < 0:
            raise ImproperlyConfigured(f"{name} must not be negative.")
        return value

    def database(self, name: str, *, default: str) -> dict:
        url = self.text(name, default=default, needed=True)
        try:
            settings = self.reader.db_url_config(url)
        except (environ.ImproperlyConfigured, ValueError) as error:
            raise ImproperlyConfigured(f"{name} is not a database URL.") from error
        if not settings.get("ENGINE", "").endswith((".sqlite3", ".postgresql")):
            raise ImproperlyConfigured(f"{name} must begin with postgres:// or sqlite:///.")
        return settings

    def keys(self, name: str) -> list[bytes]:
        """Comma-separated keys of 32 bytes in URL-safe base64, the newest first."""
        keys = []
        for part in self.texts(name):
            try:
                key = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
            except (ValueError, binascii.Error) as error:
                raise ImproperlyConfigured(f"{name} is not URL-safe base64.") from error
            if len(key) != KEY_BYTES:
                raise ImproperlyConfigured(f"{name} must hold keys of exactly {KEY_BYTES} bytes.")
            keys.append(key)
        if not keys:
            raise ImproperlyConfigured(f"{name} holds no key.")
        return keys
