"""Authenticated encryption of single values with a ring of keys (AES-256-GCM, NIST SP 800-38D).

A sealed value is `version (1 byte) | key id (4 bytes) | nonce (12 bytes) | ciphertext and tag`.
The key id is the beginning of the key's own hash, so that a ring can grow and shrink without
a numbering that people must keep straight.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = b"\x01"
KEY_ID_BYTES = 4
NONCE_BYTES = 12
HEADER_BYTES = len(VERSION) + KEY_ID_BYTES
TEXT = HEADER_BYTES + NONCE_BYTES  # where the ciphertext begins


class Unreadable(Exception):
    """The value was sealed under a key that is not in the ring, for another place, or was altered."""


@lru_cache(maxsize=8)
def _ring(keys: tuple[bytes, ...]) -> dict[bytes, AESGCM]:
    return {hashlib.sha256(key).digest()[:KEY_ID_BYTES]: AESGCM(key) for key in keys}


def seal(text: str, *, place: str, keys: Sequence[bytes] | None = None) -> bytes:
    """Encrypt `text` with the newest key, bound to `place` ("app.model.field")."""
    key_id, cipher = next(iter(_ring(tuple(keys or settings.FIELD_KEYS)).items()))
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + key_id + nonce + cipher.encrypt(nonce, text.encode(), place.encode())


def newest_header() -> bytes:
    """What everything begins with that is sealed now: format and id of the newest key."""
    return VERSION + next(iter(_ring(tuple(settings.FIELD_KEYS))))


def unseal(sealed: bytes, *, place: str, keys: Sequence[bytes] | None = None) -> str:
    """The text that was sealed for `place`. Raises Unreadable."""
    return opener(place=place, keys=keys)(bytes(sealed))


def opener(*, place: str, keys: Sequence[bytes] | None = None) -> Callable[[bytes], str]:
    """A function that unseals one value after another, each sealed for `place`. It raises Unreadable."""
    ring, bound_to = _ring(tuple(keys or settings.FIELD_KEYS)), place.encode()

    def open_one(sealed: bytes) -> str:
        cipher = ring.get(sealed[len(VERSION) : HEADER_BYTES])
        if cipher is None or sealed[: len(VERSION)] != VERSION:
            raise Unreadable(place)
        try:
            return cipher.decrypt(sealed[HEADER_BYTES:TEXT], sealed[TEXT:], bound_to).decode()
        except InvalidTag as error:
            raise Unreadable(place) from error

    return open_one
