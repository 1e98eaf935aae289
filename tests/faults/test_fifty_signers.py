"""Fifty people sign while worker, broker or mail server go away: nobody is lost, nobody counts twice."""

import re

import pytest
import redis
from django.test import Client

from letters.models import Letter
from outbox.models import Message, State
from signatories.enrolled import enrolling
from signatories.models import Signature
from tests import cast
from tests.faults.harness import settles, waits_are_over, worker
from tests.faults.invariants import broken
from tests.postbox import Postbox, open_postbox

pytestmark = [pytest.mark.once, pytest.mark.processes]
SIGNERS = 50


@pytest.fixture
def letter(transactional_db, monkeypatch):
    monkeypatch.setattr("outbox.posting.nudge", lambda: None)
    return cast.clean_rivers()


def fifty_sign(client: Client) -> None:
    answers = {"kind": "person", "country": "NG", "visibility": "public", "consent": "on"}
    for number in range(SIGNERS):
        # as different as people are: what looks like a crowd of machines waits for a moderator
        family = f"{'BDFGKLMNPR'[number // 5]}{'aeiou'[number % 5]}renko"
        person = {"name": f"Ada {family}", "email": f"ada@{family.lower()}.example"}
        assert client.post("/letters/clean-rivers/sign/", answers | person).status_code == 303


def everybody_confirms_twice(client: Client, postbox: Postbox) -> None:
    links = set(re.findall(r"/s/[\w.-]+/", " ".join(text_of(mail) for mail in postbox.mails)))
    assert len(links) == SIGNERS
    for link in [*links, *links]:
        assert client.post(link).status_code == 200


def text_of(mail) -> str:
    return mail.get_body(("plain",)).get_content()


def asked(postbox: Postbox) -> int:
    """To how many people the mail with the link has come."""
    return len({mail["To"] for mail in postbox.mails if "/s/" in text_of(mail)})


def all_is_done(letter: Letter) -> bool:
    """Everybody counts, and no mail is on its way any more."""
    waiting = Message.objects.exclude(state__in=[State.SENT, State.VOID])
    return enrolling.tally(letter).signatures == SIGNERS and not waiting.exists()


def check(letter: Letter, postbox: Postbox) -> None:
    assert Signature.objects.confirmed().count() == SIGNERS
    assert letter.current.entries.count() == SIGNERS
    assert broken(postbox) == []


def test_f06_a_killed_worker_costs_nobody_the_signature(letter, client, postbox, broker, log):
    fifty_sign(client)
    postbox.slow = 0.05
    with worker(log, redis_url=broker) as first:
        assert postbox.wait_for(5), first.output
        first.kill()
    postbox.slow = 0
    with worker(log, redis_url=broker) as second:
        assert settles(lambda: asked(postbox) == SIGNERS), second.output
        everybody_confirms_twice(client, postbox)
        assert settles(lambda: all_is_done(letter)), second.output
    check(letter, postbox)


def test_f04_an_emptied_broker_costs_nobody_the_signature(letter, client, postbox, broker, log):
    fifty_sign(client)
    with worker(log, redis_url=broker) as process:
        assert postbox.wait_for(1), process.output
        redis.Redis.from_url(broker).flushall()
        assert settles(lambda: asked(postbox) == SIGNERS), process.output
        everybody_confirms_twice(client, postbox)
        redis.Redis.from_url(broker).flushall()
        assert settles(lambda: all_is_done(letter)), process.output
    check(letter, postbox)


def test_f09_a_mail_server_that_is_down_costs_nobody_the_signature(letter, client, settings, broker, log):
    with open_postbox() as closed:
        pass  # an address at which nobody answers
    settings.EMAIL_URL = f"smtp://127.0.0.1:{closed.port}?timeout=2&data_timeout=2"
    fifty_sign(client)
    with worker(log, redis_url=broker) as process:
        assert settles(lambda: Message.objects.filter(attempts__gt=0).exists()), process.output
        with open_postbox(postbox=closed):
            waits_are_over()
            assert settles(lambda: asked(closed) == SIGNERS), process.output
            everybody_confirms_twice(client, closed)
            assert settles(lambda: all_is_done(letter)), process.output
    check(letter, closed)
