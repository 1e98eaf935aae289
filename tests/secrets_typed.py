"""Everything that somebody typed and nobody may find: noted while it is sealed, looked for afterwards.

Whatever is personal passes through one function on its way into the database, `sealing.seal`, so nobody has
to say what to look for. Links and codes are noted where they are made.
"""

import base64
import contextlib
import gzip
import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock
from urllib.parse import quote

import redis
from django.conf import settings
from django.core.cache import caches
from django.db import connection

from config.logs import Lines
from signatories import tokens
from signatories.models import Listing, Visibility
from vault import sealing

# Columns that hold what people type; the others hold what we write
TYPED = {
    "signatories.signature.name", "signatories.signature.corrected_name", "signatories.signature.role",
    "signatories.signature.affiliation", "signatories.signature.organisation_name",
    "signatories.signature.website", "organisations.name.text", "organisations.organisation.website",
    "organisations.description.text", "organisations.evidence.seen",
    "organisations.proposedname.text",
    "invitations.invitation.name",
}  # fmt: skip
ADDRESSES = {
    "signatories.signature.email", "signatories.linkrequest.email", "invitations.invitation.email",
}  # fmt: skip
# Where public names stand in clear, and where hosts and staff write in words that signers may use as well
NAMES_ALLOWED = ("signatories_listing", "deliveries_", "letters_", "accounts_")
PACKED = re.compile(r"[A-Za-z0-9+/]{60,}={0,2}")  # base64
SHORTEST = 6  # characters; shorter ones stand in other words


class Typed:
    """What one story has typed, and the lines that were logged meanwhile."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.secrets: set[str] = set()
        self.log = io.StringIO()

    def note(self, text: str, place: str) -> None:
        if len(text) < SHORTEST:
            return
        if place in ADDRESSES:
            self.secrets.add(text.casefold())
        elif place in TYPED:
            self.names.add(text.casefold())

    def found(self) -> dict[str, list[str]]:
        """Where something of it stands that may not: nowhere, if all is well."""
        everything = self.secrets | self.names
        places = {f"the table {table}": (text, self._of(table)) for table, text in tables()}
        kept = all_of_redis()
        places |= {
            "the log": (self.log.getvalue(), everything),
            "Redis": (kept, everything),
            # which names public pages may show is another test's affair: test_each_surface_shows_whom_it_may
            "a page in Redis": (unpacked(kept), self.secrets),
        }
        found = {where: _within(text, secrets) for where, (text, secrets) in places.items()}
        settled = Listing.objects.filter(signature__unsettled_at=None)
        if settled.exclude(signature__visibility=Visibility.PUBLIC).exists():
            found["the public list"] = ["a name that is not public"]
        return {where: what for where, what in found.items() if what}

    def _of(self, table: str) -> set[str]:
        return self.secrets if table.startswith(NAMES_ALLOWED) else self.secrets | self.names


@contextmanager
def noted() -> Iterator[Typed]:
    """Note what is typed meanwhile, and every line that is logged, in its form on a server."""
    typed, seal, make, code = Typed(), sealing.seal, tokens.make, tokens.code

    def noting_seal(text: str, *, place: str, **more: Any) -> bytes:
        typed.note(text, place)
        return seal(text, place=place, **more)

    def noting_make(*arguments: Any) -> str:
        token = make(*arguments)
        typed.secrets.add(token.partition(".")[2].casefold())
        return token

    def noting_code(*arguments: Any) -> str:
        text = code(*arguments)
        typed.secrets.add(text.casefold())
        return text

    handler = logging.StreamHandler(typed.log)
    handler.setFormatter(Lines())
    logging.getLogger().addHandler(handler)
    try:
        with (
            mock.patch.object(sealing, "seal", noting_seal),
            mock.patch.object(tokens, "make", noting_make),
            mock.patch.object(tokens, "code", noting_code),
        ):
            yield typed
    finally:
        logging.getLogger().removeHandler(handler)


def tables() -> Iterator[tuple[str, str]]:
    """Every table with all its values, as a thief of the database would read them."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            values = (_readable(value) for row in cursor.fetchall() for value in row)
            yield table, "\n".join(values)


def all_of_redis() -> str:
    """What lies in broker and cache, other tests' keys in the shared cache aside."""
    own = settings.CACHES["default"].get("KEY_PREFIX", "")
    places = {settings.CELERY_BROKER_URL.replace("redis+socket:", "unix:", 1): "*"}
    places[caches["default"]._cache._servers[0]] = f"*{own}*"  # type: ignore[attr-defined]
    found = []
    for url, pattern in places.items():
        server = redis.Redis.from_url(url)
        for key in server.scan_iter(match=pattern, count=1000):
            found += [_readable(key), _readable(_value(server, key))]
    return "\n".join(found)


def unpacked(text: str) -> str:
    """What is compressed within, as pages are that the cache keeps."""
    found = []
    for piece in PACKED.findall(text):
        with contextlib.suppress(ValueError, OSError, EOFError):
            found.append(gzip.decompress(base64.b64decode(piece)).decode("latin-1"))
    return "\n".join(found)


def _value(server: redis.Redis, key: bytes) -> Any:
    read = {
        b"string": server.get,
        b"list": lambda key: server.lrange(key, 0, -1),
        b"hash": server.hgetall,
        b"set": server.smembers,
        b"zset": lambda key: server.zrange(key, 0, -1),
    }
    kind = server.type(key)
    return read[kind](key) if kind in read else b""  # type: ignore[index,operator]


def _readable(value: Any) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)


def _within(text: str, secrets: set[str]) -> list[str]:
    text = text.casefold()
    return sorted(secret for secret in secrets if secret in text or quote(secret) in text)
