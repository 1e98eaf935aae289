"""Two who take a list out at the same moment: it leaves once."""

import threading
from collections import Counter

import pytest
from django.db import connection

from accounts.models import Trail
from exports import releasing

pytestmark = pytest.mark.django_db(transaction=True)


def test_t27_of_two_who_take_it_at_once_one_gets_it(ask, post, esra, dunya):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in at a time")
    export = ask()
    post(dunya, export, "approve", sha256=export.sha256)
    ready, came = threading.Barrier(2), Counter()

    def take(user):
        ready.wait(timeout=10)
        try:
            releasing.take(export, by=user)
            came["got it"] += 1
        except releasing.NotOpen:
            came["closed"] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[client.user]) for client in (esra, dunya)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert came == {"got it": 1, "closed": 1}
    assert Trail.objects.filter(what="exported").count() == 1
