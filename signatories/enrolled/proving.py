"""The proof that a line is on the roll, found without reading the whole roll.

A block of 1,024 lines that begins at a multiple of that is a whole subtree, since RFC 6962 splits at powers
of two. So a proof is the path inside the line's block and then the path among the blocks, whose roots never
change once they are full: they are worked out once and kept in the cache.
"""

import contextlib

from django.core.cache import cache
from redis.exceptions import RedisError

from letters.models import Version
from signatories.enrolled import roll
from signatories.models import Entry, TreeHead

BLOCK = 1024  # lines; a power of two


def proof_of(entry: Entry, *, head: TreeHead) -> list[str]:
    """The proof that leads from a line to the root of a tree head.

    What is kept of another roll, as after a backup was restored, leads nowhere: it is worked out again.
    """
    found = proof(entry.version, index=entry.index, size=head.size)
    if roll.proves(entry.line, index=entry.index, size=head.size, path=found, root=head.root):
        return found
    with contextlib.suppress(RedisError):
        cache.delete_many(_keys(entry.version, head.size).values())
    return proof(entry.version, index=entry.index, size=head.size)


def proof(version: Version, *, index: int, size: int) -> list[str]:
    """RFC 6962, section 2.1.1: the hashes, in hex, from line `index` to the root over the first `size`."""
    block = index // BLOCK
    nodes = [
        *roll.path(_leaves(version, block, size), index % BLOCK),
        *roll.path(_roots(version, size), block),
    ]
    return [node.hex() for node in nodes]


def _leaves(version: Version, block: int, size: int) -> list[bytes]:
    """The leaf hashes of one block, as far as the roll had grown."""
    start = block * BLOCK
    lines = version.entries.filter(index__gte=start, index__lt=min(start + BLOCK, size)).order_by("index")
    return [roll.leaf_hash(entry.line) for entry in lines]


def _roots(version: Version, size: int) -> list[bytes]:
    """The root of every block, the last of which may not be full."""
    full, rest = divmod(size, BLOCK)
    keys = _keys(version, size)
    kept: dict[str, str] = {}
    with contextlib.suppress(RedisError):
        kept = cache.get_many(keys.values())
    new = {
        key: roll.root_of(_leaves(version, block, size)).hex()
        for block, key in keys.items()
        if key not in kept
    }
    if new:
        with contextlib.suppress(RedisError):
            cache.set_many(new, timeout=None)
    found = kept | new
    tail = [roll.root_of(_leaves(version, full, size))] if rest else []
    return [*(bytes.fromhex(found[key]) for key in keys.values()), *tail]


def _keys(version: Version, size: int) -> dict[int, str]:
    """Under which names the roots of the full blocks are kept."""
    return {block: f"roll:{version.pk}:{BLOCK}:{block}" for block in range(size // BLOCK)}
