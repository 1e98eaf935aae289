"""One office gets one mail in ten minutes, whatever letters it is addressed in and however many send."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from deliveries import preparing, sending, throttling
from deliveries.models import Delivery
from letters.models import Recipient
from outbox import clock

ADDRESS = "minister@office.example"


@pytest.fixture
def two(letter) -> list[Delivery]:
    """Two deliveries to one mailbox, spelled in two ways."""
    rows = preparing.prepare(letter)[:2]
    for row, address in zip(rows, (ADDRESS, ADDRESS.upper()), strict=True):
        Recipient.objects.filter(pk=row.recipient_id).update(address=address)
    return [Delivery.objects.get(pk=row.pk) for row in rows]


def test_what_has_left_makes_the_next_wait(two, postbox):
    first, second = two
    assert sending.send(first) and not sending.send(second)
    waits = Delivery.objects.get(pk=second.pk).next_at - Delivery.objects.get(pk=first.pk).sent_at
    assert waits == throttling.APART and len(postbox.mails) == 1


def test_what_another_worker_is_sending_makes_the_next_wait(two, postbox):
    first, second = two
    assert sending.claim(first)
    assert not sending.send(second) and postbox.mails == []
    assert Delivery.objects.get(pk=second.pk).next_at > clock.now()


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_one_moment_one_waits(two):
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite one writes after the other")
    gate = threading.Barrier(2)

    def work(row: Delivery) -> bool:
        gate.wait(timeout=10)
        try:
            return sending.claim(row) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        assert sorted(workers.map(work, two)) == [False, True]
