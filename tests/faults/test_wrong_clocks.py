"""Clocks that are an hour off, or jump: what waits goes by the database's, and nothing leaves twice."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from outbox import clock, draining
from outbox.models import Message, State
from signatories.enrolled import enrolling
from signatories.models import CONFIRM_WITHIN, LinkRequest, Mailbox, Signature
from tests import cast
from tests.faults.harness import running, settles
from tests.faults.invariants import broken
from tests.faults.website import confirm_path

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lives in its process and has its clock"),
]
HOUR = timedelta(hours=1)
AN_INSTANT = timedelta(minutes=5)
MAILS = 30

# Runs as manage.py does, with a clock that is so many hours ahead
SHIFTED = """
import sys
from datetime import timedelta
from django.utils import timezone
right = timezone.now
ahead = timedelta(hours=float(sys.argv.pop(1)))
timezone.now = lambda: right() + ahead
"""
SEND = f"""{SHIFTED}
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "outbox_run", "--every", "0.2"])
"""


def shifted(code, hours, *arguments, log):
    return running("-c", code, str(hours), *arguments, log=log, DJANGO_SETTINGS_MODULE="config.settings")


def is_now(moment):
    return abs(moment - clock.now()) < AN_INSTANT


def test_f20_senders_whose_clocks_differ_by_two_hours_send_each_mail_once(letter, postbox, post, log):
    post(MAILS)
    ada = cast.ada(letter)
    with (
        shifted(SEND, 1, log=log) as ahead,
        shifted(SEND, -1, log=log.with_suffix(".behind")) as behind,
    ):
        assert settles(lambda: Message.objects.filter(state=State.SENT).count() == MAILS + 1), ahead.output
        assert (ahead.stop(), behind.stop()) == (0, 0)
    assert len(postbox.mails) == MAILS + 1
    for moment in Message.objects.values_list("sent_at", flat=True):
        assert is_now(moment)
    assert is_now(cast.fresh(ada).mailed_at)
    assert broken(postbox, typed=["Ada Okoye"]) == []


@pytest.mark.parametrize("hours", [1, -1])
def test_f20_who_signs_where_the_clock_is_wrong_gets_every_mail_and_counts_at_once(
    letter, postbox, client, monkeypatch, hours
):
    answers = {"kind": "person", "name": "Ada Okoye", "email": cast.ADA, "country": "NG", "consent": "on"}
    with monkeypatch.context() as here:
        right = timezone.now
        here.setattr(timezone, "now", lambda: right() + timedelta(hours=hours))
        created_at = LinkRequest._meta.get_field("created_at")
        here.setattr(created_at, "_get_default", timezone.now, raising=False)
        assert client.post("/letters/clean-rivers/sign/", answers).status_code == 303
        assert draining.drain() == 1
        Mailbox.objects.update(moments=[])  # ten minutes later, as far as the limits go
        assert client.post("/letters/clean-rivers/resend/", {"email": cast.ADA}).status_code == 303
        assert draining.drain() == 1
        assert client.post(confirm_path(Signature.objects.get())).status_code == 200
    enrolling.enrol()
    assert enrolling.tally(letter).signatures == 1


@pytest.mark.parametrize(
    ("age", "hours", "expired"),
    [
        (CONFIRM_WITHIN - 2 * HOUR, 1, False),
        (CONFIRM_WITHIN - HOUR / 2, 1, True),
        (CONFIRM_WITHIN + HOUR / 2, -1, False),
        (CONFIRM_WITHIN + 2 * HOUR, -1, True),
    ],
)
def test_f20_a_link_ends_no_further_from_its_time_than_the_clock_jumped(
    letter, monkeypatch, age, hours, expired
):
    ada = cast.mail_has_left(cast.ada(letter), ago=age)
    right = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: right() + timedelta(hours=hours))
    assert ada.has_expired() is expired


def test_f20_when_the_database_s_clock_jumps_ahead_what_a_sender_holds_still_leaves_once(
    postbox, post, monkeypatch
):
    post(3)
    gate = postbox.gate = threading.Event()

    def drain():
        try:
            draining.drain()
        finally:
            connection.close()

    held_up = threading.Thread(target=drain)
    held_up.start()
    assert settles(lambda: postbox.gate is None)
    right = clock.now
    monkeypatch.setattr(clock, "now", lambda: right() + HOUR)
    draining.drain()
    gate.set()
    held_up.join(timeout=30)
    # the one mail that was on its way counts as lost with its sender: it may go again, under its name
    copies = sorted(postbox.message_ids.count(name) for name in set(postbox.message_ids))
    assert copies in ([1, 1, 1], [1, 1, 2])
    assert set(Message.objects.values_list("state", flat=True)) == {State.SENT}
    assert broken(postbox) == []
