import pytest
from django.db import connection

from vault.moments import one_moment


@pytest.mark.django_db(transaction=True)
def test_whatever_is_asked_is_answered_as_of_one_moment():
    with one_moment(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW transaction_isolation")
            assert cursor.fetchone()[0] == "repeatable read"
        cursor.execute("SELECT 1")
