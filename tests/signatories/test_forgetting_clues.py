import logging
from datetime import timedelta

import pytest
import redis
from django.conf import settings as configured
from django.db import connection
from django.test import Client
from django.utils import timezone

from scrutiny import networks
from signatories import forgetting
from signatories.models import Signature
from tests import cast

pytestmark = pytest.mark.django_db

CANARY = "203.0.113.77"


def dump():
    """Every value of every table, as whoever demands it would read it."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(found)


def lives():
    """For how many seconds each key of the cache lives on; -1 is for ever."""
    cache = redis.Redis.from_url(configured.CACHES["default"]["LOCATION"])
    prefix = configured.CACHES["default"]["KEY_PREFIX"]
    return [cache.ttl(key) for key in cache.scan_iter(f"{prefix}:*")]


def test_t31_after_a_day_nobody_can_say_from_where_somebody_signed(mails, caplog):
    caplog.set_level(logging.DEBUG)
    letter = cast.clean_rivers()
    visitor = Client(REMOTE_ADDR=CANARY)
    form = {"kind": "person", "name": "Ada Okoye", "country": "NG", "consent": "on", "js": "1"}
    for number in range(3):
        visitor.post("/letters/clean-rivers/sign/", form | {"email": f"ada{number}@okoye.example"})
    visitor.get("/letters/clean-rivers/challenge.json")
    mails()
    confirmed = cast.bela(letter)
    Signature.objects.filter(pk=confirmed.pk).update(network="c" * 64)
    mark = networks.mark(CANARY)
    assert mark in dump(), "the search itself works"
    assert lives() and all(0 < seconds <= 24 * 3600 for seconds in lives())

    assert forgetting.forget_clues(at=timezone.now() + timedelta(hours=22)) == 0
    assert forgetting.forget_clues(at=timezone.now() + timedelta(hours=23, minutes=1)) == 4
    assert not Signature.objects.exclude(network=None).exists()
    assert not Signature.objects.filter(clues__isnull=False).exists()
    assert mark not in dump() and "c" * 64 not in dump()
    assert CANARY not in dump() and CANARY not in caplog.text


def test_clues_of_a_crowd_are_forgotten_in_batches(monkeypatch):
    letter = cast.clean_rivers()
    monkeypatch.setattr(forgetting, "BATCH", 2)
    for number in range(5):
        cast.ada(letter, email=f"ada{number}@okoye.example")
    assert forgetting.forget_clues(at=timezone.now() + timedelta(hours=24)) == 5
    assert forgetting.forget_clues(at=timezone.now() + timedelta(hours=24)) == 0
