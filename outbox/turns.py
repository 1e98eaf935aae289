"""Work that one process at a time may do, whichever machine it runs on."""

import contextlib
import zlib
from collections.abc import Iterator

from django.db import DatabaseError, InterfaceError, connection


@contextlib.contextmanager
def alone(work: str) -> Iterator[bool]:
    """Whether nobody else does this work now; if so, nobody begins it before the block ends.

    The lock is the database's and ends with its holder's connection. SQLite, where one process does all
    work, has none.
    """
    if connection.vendor != "postgresql":
        yield True
        return
    is_ours = _ask("SELECT pg_try_advisory_lock(%s)", work)
    try:
        yield is_ours
    finally:
        if is_ours:
            with contextlib.suppress(DatabaseError, InterfaceError):
                _ask("SELECT pg_advisory_unlock(%s)", work)


def number(work: str) -> int:
    """What PostgreSQL calls the lock of this work."""
    return zlib.crc32(work.encode())


def _ask(question: str, work: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [number(work)])
        return bool(cursor.fetchone()[0])
