"""One clock for everything that waits: the database's, which all senders share."""

from datetime import datetime

from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """The moment by the database server's clock (UTC); SQLite lives in this process and has ours."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
