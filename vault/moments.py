"""The database as it was at one moment, for what is read in more than one question."""

import contextlib
from collections.abc import Iterator

from django.db import connection, transaction


@contextlib.contextmanager
def one_moment() -> Iterator[None]:
    """A transaction that sees the database as it was at one moment, whatever others commit meanwhile.

    SQLite's transactions do so anyway.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                # else it plans as if only the first tenth of a server-side cursor were read
                cursor.execute("SET LOCAL cursor_tuple_fraction = 1")
        yield
