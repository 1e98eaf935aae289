"""Whatever a sender was doing when it died: no mail is lost, and none goes twice under two names."""

import secrets
import threading

import pytest
from django.db import connection

from outbox import draining
from outbox.models import Message, MessageQuerySet, State
from tests.faults.harness import (
    leases_run_out,
    sender,
    settles,
)
from tests.faults.invariants import broken

pytestmark = pytest.mark.processes


def states():
    return sorted(Message.objects.values_list("state", flat=True))


def dies_at(failpoint, log):
    """Run a sender that kills itself at `failpoint`."""
    with sender(log, FAILPOINT=f"{failpoint}:kill") as process:
        assert process.wait() == -9, process.output


def test_f06_killed_after_claiming_it_leaves_one_mail_to_the_next(postbox, post, log):
    post()
    dies_at("after_claim", log)
    assert states() == [State.CLAIMED]
    assert draining.drain() == 0
    leases_run_out()
    assert draining.drain() == 1
    assert len(postbox.mails) == 1
    assert broken(postbox) == []


def test_f07_killed_before_the_first_byte_it_leaves_one_mail_to_the_next(postbox, post, log):
    post()
    dies_at("before_data", log)
    assert states() == [State.SENDING]
    leases_run_out()
    assert draining.drain() == 1
    assert len(postbox.mails) == 1
    assert broken(postbox) == []


def test_f07_killed_after_the_last_answer_the_mail_goes_again_under_its_name(postbox, post, log):
    post()
    dies_at("after_250", log)
    assert states() == [State.SENDING]
    assert len(postbox.mails) == 1
    leases_run_out()
    assert draining.drain() == 1
    assert len(postbox.mails) == 2
    assert len(set(postbox.message_ids)) == 1
    assert broken(postbox) == []


def test_f08_told_to_stop_it_finishes_the_mail_at_hand(postbox, post, log):
    post(3)
    postbox.slow = 1.0
    with sender(log) as process:
        assert settles(lambda: postbox.asked["RCPT"])
        assert process.stop(seconds=30) == 0, process.output  # as containers are given
    assert states() == [State.READY, State.READY, State.SENT]
    assert len(postbox.mails) == 1
    assert broken(postbox) == []


def test_f19_many_senders_at_once_send_each_mail_once(postbox, post, log):
    post(200)

    def drain():
        try:
            while Message.objects.exclude(state=State.SENT).exists():
                draining.drain()
        finally:
            connection.close()

    here = [threading.Thread(target=drain) for _ in range(2)]
    with sender(log), sender(log):
        for thread in here:
            thread.start()
        for thread in here:
            thread.join(timeout=60)
        assert settles(lambda: set(states()) == {State.SENT})
    assert len(postbox.mails) == 200
    assert len(set(postbox.message_ids)) == 200
    assert broken(postbox) == []


def test_the_harness_notices_when_leases_never_expire(postbox, post, log, monkeypatch):
    monkeypatch.setattr(MessageQuerySet, "recover", lambda self, at: 0)
    post()
    dies_at("after_claim", log)
    leases_run_out()
    assert draining.drain() == 0
    assert broken(postbox) == ["1 messages under an expired lease"]


def test_the_harness_notices_a_second_name_for_one_mail(postbox, post, log):
    post()
    dies_at("after_250", log)
    leases_run_out()
    Message.objects.update(message_id=f"<{secrets.token_hex(8)}@localhost>")
    assert draining.drain() == 1
    assert broken(postbox) == ["2 Message-IDs for one mail"]


def test_the_harness_notices_mail_that_is_recorded_before_it_leaves(postbox, post, monkeypatch):
    def too_early(self, *, until):
        return self.finish(State.SENT, sent_at=until)

    monkeypatch.setattr(Message, "begin_sending", too_early)
    post()
    postbox.answers["DATA"] = ["451 4.3.0 not now"]
    assert draining.drain() == 0
    assert broken(postbox) == ["1 messages recorded as sent that never arrived"]


def test_f14_a_server_that_is_slow_to_answer_holds_up_nobody_else_s_mail(postbox, post):
    post()
    gate = postbox.gate = threading.Event()

    def drain():
        try:
            draining.drain()
        finally:
            connection.close()

    slow = threading.Thread(target=drain)
    slow.start()
    assert settles(lambda: postbox.gate is None)
    post(3)
    assert draining.drain() == 3
    assert slow.is_alive()
    gate.set()
    slow.join(timeout=10)
    assert len(postbox.mails) == 4
    assert broken(postbox) == []
