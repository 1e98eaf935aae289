"""Fifty mails wait while worker, broker or mail server go away: all leave, each under one name."""

import pytest
import redis
from celery import current_app
from kombu import Connection

from outbox.models import Message, State
from tests.faults.harness import settles, waits_are_over, worker
from tests.faults.invariants import broken
from tests.postbox import open_postbox

pytestmark = [pytest.mark.once, pytest.mark.processes]
MAILS = 50


def all_have_left(postbox):
    return (
        len(set(postbox.message_ids)) == MAILS and Message.objects.filter(state=State.SENT).count() == MAILS
    )


def test_f06_a_worker_that_is_killed_leaves_all_mail_to_the_next(postbox, post, broker, log):
    postbox.slow = 0.05
    post(MAILS)
    with worker(log, redis_url=broker) as first:
        assert postbox.wait_for(5), first.output
        first.kill()
    assert len(postbox.mails) < MAILS
    postbox.slow = 0
    with worker(log, redis_url=broker) as second:
        assert settles(lambda: all_have_left(postbox)), second.output
    assert len(postbox.mails) <= MAILS + 2  # what each of the two processes had just handed over
    assert broken(postbox) == []


def test_f04_a_broker_that_forgets_everything_costs_no_mail(postbox, post, broker, log):
    post(MAILS)
    with Connection(broker) as line:
        for _ in range(MAILS):
            current_app.send_task("outbox.drain", connection=line)
    forgetful = redis.Redis.from_url(broker)
    assert forgetful.llen("celery") == MAILS
    forgetful.flushall()
    postbox.slow = 0.05
    with worker(log, redis_url=broker) as process:
        assert postbox.wait_for(5), process.output
        forgetful.flushall()
        assert settles(lambda: all_have_left(postbox)), process.output
    assert len(postbox.mails) == MAILS
    assert broken(postbox) == []


def test_f09_a_mail_server_that_is_away_for_a_while_gets_all_mail_once(settings, post, broker, log, postbox):
    with open_postbox() as closed:
        pass  # a mail server with an address, and nobody there
    settings.EMAIL_URL = f"smtp://127.0.0.1:{closed.port}?timeout=2&data_timeout=2"
    post(MAILS)
    with worker(log, redis_url=broker) as process:
        assert settles(lambda: Message.objects.filter(attempts__gt=0).count() >= 2), process.output
        assert not Message.objects.filter(state__in=[State.SENT, State.DEAD]).exists()
        with open_postbox(postbox=closed):
            waits_are_over()
            assert settles(lambda: all_have_left(closed)), process.output
    assert len(closed.mails) == MAILS
    assert broken(closed) == []
