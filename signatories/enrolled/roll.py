"""The roll as a Merkle tree (RFC 6962): what lets anybody recompute the count and a signer prove to be in it.

A line of roll.txt is a leaf's content: `+<commitment>` when a signature joined, `-<index>` when the line
with that index left. A commitment is the SHA-256 of the signer's receipt, whose salt only the signer
(and, sealed, the site) knows, so the roll names nobody. It proves that nothing was altered, not that a
mailbox is a person.
"""

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from letters.publishing import canonical, digest

EMPTY_ROOT = hashlib.sha256(b"").hexdigest()


def commitment(receipt: dict[str, str]) -> str:
    """What stands on the roll for a receipt: its SHA-256 in hex."""
    return digest(receipt)


def leaf_hash(line: str) -> bytes:
    """RFC 6962, section 2.1: the hash of a leaf."""
    return hashlib.sha256(b"\x00" + line.encode()).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962, section 2.1: the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: the roots of its complete subtrees, the largest first.

    There is one for every bit set in `size`, so a leaf is appended in constant time on average
    and a tree of a million leaves is remembered in twenty hashes.
    """

    def __init__(self, size: int = 0, roots: Iterable[str] = ()) -> None:
        self.size = size
        self.roots = [bytes.fromhex(root) for root in roots]

    def append(self, line: str) -> None:
        node, size = leaf_hash(line), self.size
        while size & 1:
            node = node_hash(self.roots.pop(), node)
            size >>= 1
        self.roots.append(node)
        self.size += 1

    def root(self) -> str:
        """The root of the tree as it stands, in hex."""
        if not self.roots:
            return EMPTY_ROOT
        node = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            node = node_hash(left, node)
        return node.hex()

    def hexes(self) -> list[str]:
        return [root.hex() for root in self.roots]


def root(lines: Iterable[str]) -> str:
    """The root of the tree over the lines of a roll, in hex."""
    frontier = Frontier()
    for line in lines:
        frontier.append(line)
    return frontier.root()


def path(nodes: list[bytes], at: int) -> list[bytes]:
    """RFC 6962, section 2.1.1: the siblings on the way from node `at` to the root over nodes of one level."""
    if len(nodes) <= 1:
        return []
    split = _split(len(nodes))
    left, right = nodes[:split], nodes[split:]
    if at < split:
        return [*path(left, at), root_of(right)]
    return [*path(right, at - split), root_of(left)]


def root_of(nodes: list[bytes]) -> bytes:
    """The root over nodes of one level, of which there is at least one."""
    if len(nodes) == 1:
        return nodes[0]
    split = _split(len(nodes))
    return node_hash(root_of(nodes[:split]), root_of(nodes[split:]))


def _split(count: int) -> int:
    """The largest power of two below `count`: so many nodes lie to the left (RFC 6962, section 2.1)."""
    return 1 << (count - 1).bit_length() - 1


def proves(line: str, *, index: int, size: int, path: Sequence[str], root: str) -> bool:
    """Whether `path` leads from `line` at `index` to `root` over `size` lines (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last = leaf_hash(line), size - 1
    for step in path:
        if last == 0:
            return False
        sibling = bytes.fromhex(step)
        if index & 1 or index == last:
            node = node_hash(sibling, node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and node.hex() == root


@lru_cache(maxsize=2)
def _key(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_key() -> str:
    """The site's own Ed25519 key for tree heads (RFC 8032), in hex."""
    return _key(settings.ROLL_KEY).public_key().public_bytes_raw().hex()


def sign_head(head: dict[str, Any]) -> str:
    """The site's Ed25519 signature, in hex, over the canonical JSON of a tree head without its signature."""
    return _key(settings.ROLL_KEY).sign(_signed_part(head)).hex()


def is_signed(head: dict[str, Any], *, key: str) -> bool:
    """Whether the head's own signature is by the Ed25519 public key `key` (hex)."""
    try:
        signature = bytes.fromhex(head["signature"])
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, _signed_part(head))
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return False
    return True


def _signed_part(head: dict[str, Any]) -> bytes:
    return canonical({name: value for name, value in head.items() if name != "signature"})
