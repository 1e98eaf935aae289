"""Whom one trusts, and what a check finds."""

import json
import re
from typing import NamedTuple

from deliveries.papers import certificates
from signatories.enrolled import roll

HEX = re.compile(r"[0-9a-f]{64}")


class CheckFailed(Exception):
    """The file is not what it claims to be; the message says which check failed, in words."""


class CannotTell(Exception):
    """Whether the file is what it claims to be cannot be said here; the message says why, in words."""


class KeysUnreadable(Exception):
    """The file of keys is no JSON that holds lists of keys and fingerprints."""


class Keys(NamedTuple):
    """Whom one trusts: Ed25519 keys of rolls and SHA-256 fingerprints of certificates, in hex."""

    roll: frozenset[str]
    certificates: frozenset[str]


class Finding(NamedTuple):
    """What was checked and found whole, and who signed it: a fingerprint, and whether it is trusted."""

    checked: list[str]
    signer: str
    is_known: bool


def own_keys() -> Keys:
    """The keys of this site."""
    return Keys(frozenset([roll.public_key()]), frozenset([certificates.fingerprint()]))


def read_keys(content: bytes) -> Keys:
    """Keys from JSON, whose strings of 64 hexadecimal digits are all trusted. Raises KeysUnreadable."""
    try:
        found = frozenset(HEX.findall(json.dumps(json.loads(content)).lower()))
    except ValueError as error:
        raise KeysUnreadable from error
    if not found:
        raise KeysUnreadable
    return Keys(found, found)


def published() -> dict[str, list[str]]:
    """The keys of this site, as it publishes them for others to trust."""
    mine = own_keys()
    return {"roll": sorted(mine.roll), "certificates": sorted(mine.certificates)}
