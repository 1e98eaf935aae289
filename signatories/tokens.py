"""Secret links and typed codes: made and read here and nowhere else.

A token is `<public id>.<mac>` with mac = HMAC-SHA256(key, "purpose|public id|nonce"), RFC 2104, all 256 bits.
Nothing of it is stored but the row's random nonce: a new nonce revokes every link and code made of it.
"""

import base64
import hashlib
import hmac
import re
from typing import Protocol, TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet

from signatories.models import Signature

CONFIRM = "confirm"
MANAGE = "manage"
UNSUBSCRIBE = "unsubscribe"
CODE = "code"

CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8
PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{16}")


class Linked(Protocol):
    """A row that links lead to."""

    @property
    def public_id(self) -> str: ...

    @property
    def nonce(self) -> str: ...


Row = TypeVar("Row", bound=Model)


class NoSuchLink(Exception):
    """The link was tampered with, is for another purpose, or was revoked."""


def make(purpose: str, row: Linked) -> str:
    """The token of a row, mostly a signature, for one purpose, under the newest key."""
    mac = _mac(settings.TOKEN_KEYS[0], purpose, row)
    return f"{row.public_id}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def read(token: str, *, purpose: str) -> Signature:
    """The signature that the token names. Raises NoSuchLink."""
    return read_among(Signature.objects.select_related("letter", "version"), token, purpose=purpose)


def read_among(rows: QuerySet[Row], token: str, *, purpose: str) -> Row:
    """The row that the token names, if it is one of these. Raises NoSuchLink."""
    row = row_among(rows, token)
    if not is_of(token, row, purpose=purpose):  # type: ignore[arg-type]
        raise NoSuchLink
    return row


def row_among(rows: QuerySet[Row], token: str) -> Row:
    """The row that a token claims to be of; whether it is, `is_of` knows. Raises NoSuchLink."""
    public_id = token.partition(".")[0]
    row = rows.filter(public_id=public_id).first() if is_public_id(public_id) else None
    if row is None:
        raise NoSuchLink
    return row


def is_of(token: str, row: Linked, *, purpose: str) -> bool:
    """Whether this is the row's token for the purpose, under any key of the ring."""
    return _is_mac(_decode(token.partition(".")[2]), purpose, row)


def code(signature: Signature) -> str:
    """The code to type instead of following the link: 8 characters of 32, 40 bits."""
    return _code(settings.TOKEN_KEYS[0], signature)


def is_code(text: str, signature: Signature) -> bool:
    """Whether `text` (upper case, no spaces) is the signature's code under any key of the ring."""
    codes = [_code(key, signature) for key in settings.TOKEN_KEYS]
    return any(hmac.compare_digest(text.encode(), code.encode()) for code in codes)


def is_public_id(text: str) -> bool:
    """Whether `text` could name a row at all; what could not never reaches the database."""
    return PUBLIC_ID.fullmatch(text) is not None


def _mac(key: bytes, purpose: str, row: Linked) -> bytes:
    text = f"{purpose}|{row.public_id}|{row.nonce}"
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _is_mac(given: bytes, purpose: str, row: Linked) -> bool:
    macs = [_mac(key, purpose, row) for key in settings.TOKEN_KEYS]
    return any(hmac.compare_digest(given, mac) for mac in macs)


def _code(key: bytes, signature: Signature) -> str:
    number = int.from_bytes(_mac(key, CODE, signature)[:5], "big")
    return "".join(CODE_ALPHABET[number >> 5 * place & 31] for place in range(CODE_LENGTH))


def _decode(text: str) -> bytes:
    """The bytes of one canonical spelling; anything else is no mac at all."""
    try:
        given = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""
    return given if base64.urlsafe_b64encode(given).rstrip(b"=").decode() == text else b""
