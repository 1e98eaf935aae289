"""PostgreSQL crashes, is read-only or is locked while people sign and mail leaves: no promise is broken."""

import contextlib
import itertools
import threading
import time

import psycopg
import pytest

from signatories.models import Signature
from tests import cast
from tests.faults import harness
from tests.faults.cluster import cluster
from tests.faults.harness import running, sender, settles
from tests.faults.invariants import broken
from tests.faults.website import at_once, confirm_path, website
from tests.postbox import open_postbox

pytestmark = [pytest.mark.once, pytest.mark.processes]
MAILS = 20
LETTER = "/letters/clean-rivers/"
PAGES = [
    "/",
    LETTER,
    f"{LETTER}signatories/",
    f"{LETTER}count.json",
    f"{LETTER}check-your-email/",
    "/privacy/",
]

BEGIN = f"""
from django.core.mail import send_mail
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests import cast
cast.clean_rivers()
for number in range({MAILS}):
    send_mail(f"Mail {{number}}", "Hello.", None, [f"person{{number}}@mail.example"])
"""
KEEP = ["CREATE TABLE kept_mails AS TABLE outbox_rendered", "CREATE TABLE kept AS TABLE outbox_message"]
POST = ["INSERT INTO outbox_rendered TABLE kept_mails", "INSERT INTO outbox_message TABLE kept"]
EMPTY = """
    TRUNCATE signatories_signature, signatories_tally, outbox_message, outbox_rendered, outbox_channel CASCADE
"""
ATTEMPTS = "SELECT count(*) FROM signatories_signature"
MESSAGES = "SELECT count(*) FROM outbox_message"
CONFIRMED = "SELECT count(*) FROM signatories_signature WHERE confirmed_at IS NOT NULL"


@pytest.fixture(scope="module")
def server(tmp_path_factory, django_db_setup, django_db_blocker):
    """A PostgreSQL that may crash, with a letter to sign."""
    with django_db_blocker.unblock(), cluster() as database:
        log = tmp_path_factory.mktemp("cluster") / "begin.log"
        with running("manage.py", "shell", "-c", BEGIN, log=log, DATABASE_URL=database.url) as process:
            assert process.wait() == 0, process.output
        database.do(*KEEP)
        yield database


@pytest.fixture
def database(server, db):
    """That PostgreSQL, with nobody under the letter and no mail."""
    server.do(EMPTY)
    return server


@pytest.fixture(scope="module")
def far_web(server, tmp_path_factory):
    """A web server at that PostgreSQL, with a cache of its own."""
    directory = tmp_path_factory.mktemp("far")
    with (
        harness.broker(directory) as redis,
        website(directory, DATABASE_URL=server.url, REDIS_URL=redis) as site,
    ):
        yield site


@pytest.fixture
def site(far_web, database):
    far_web.recover()
    far_web.journal.clear()
    return far_web


def confirm_path_of_newest(database):
    [(public_id, nonce)] = database.ask(
        "SELECT public_id, nonce FROM signatories_signature ORDER BY id DESC LIMIT 1"
    )
    return confirm_path(Signature(public_id=public_id, nonce=nonce))


def all_have_left(database):
    return database.ask("SELECT count(*) FROM outbox_message WHERE state = 'sent'") == [(MAILS,)]


def test_f16_mail_goes_on_after_a_crash_of_the_database(database, log):
    database.do(*POST)
    with open_postbox() as postbox:
        postbox.slow = 0.1
        url = f"smtp://127.0.0.1:{postbox.port}?timeout=1&data_timeout=1"
        with sender(log, DATABASE_URL=database.url, EMAIL_URL=url) as process:
            assert postbox.wait_for(3), process.output
            database.crash()
            arrived = len(postbox.mails)
            database.start()
            assert settles(lambda: len(set(postbox.message_ids)) == MAILS), process.output
            assert settles(lambda: all_have_left(database)), process.output
            assert process.stop() == 0, process.output
    assert arrived < MAILS
    assert len(postbox.mails) <= MAILS + 1
    assert len({str(mail["Subject"]) for mail in postbox.mails}) == MAILS
    recorded = {name for (name,) in database.ask("SELECT message_id FROM outbox_message")}
    assert recorded == set(postbox.message_ids)
    assert broken(postbox, ask=database.ask) == []


def test_f16_mail_that_is_being_claimed_when_the_database_crashes_leaves_once(database, log):
    database.do(*POST)
    database.do("INSERT INTO outbox_channel (name, reason) VALUES ('smtp', '')")
    with open_postbox() as postbox, contextlib.closing(psycopg.connect(database.url)) as elsewhere:
        elsewhere.execute("SELECT 1 FROM outbox_channel FOR UPDATE")
        with sender(log, DATABASE_URL=database.url, EMAIL_URL=postbox.url) as process:
            waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            assert settles(lambda: database.ask(waits) == [(1,)]), process.output
            database.crash()
            database.start()
            assert settles(lambda: all_have_left(database)), process.output
    assert len(postbox.mails) == len(set(postbox.message_ids)) == MAILS
    assert broken(postbox, ask=database.ask) == []


def test_f16_nobody_is_told_that_a_signature_is_taken_which_a_crash_has_lost(site, database):
    statuses, over = [], threading.Event()

    def visitor(number):
        for turn in itertools.count():
            if over.is_set():
                return
            statuses.append(site.sign(f"ada{turn}@visitor{number}.example").status)
            time.sleep(0.02)

    visitors = [threading.Thread(target=visitor, args=[number]) for number in range(4)]
    for one in visitors:
        one.start()
    for taken in (10, 30):
        assert settles(lambda: len(site.journal) > taken), site.process.output  # noqa: B023
        database.crash()
        assert settles(lambda: 503 in statuses)
        database.start()
    assert settles(lambda: len(site.journal) > 60), site.process.output
    over.set()
    for one in visitors:
        one.join(timeout=30)
    assert set(statuses) == {303, 503}
    assert broken(ask=database.ask, journal=site.journal) == []


def test_f17_a_database_that_cannot_be_written_to_is_read_and_nothing_is_half_written(site, database):
    assert site.sign(cast.BELA).status == 303
    link = confirm_path_of_newest(database)
    database.allow_writing(False)
    try:
        answers = [site.sign(cast.ADA), site.press(link, "confirm"), site.press(link, "delete")]
        assert [(answer.status, dict(answer.headers)["retry-after"]) for answer in answers] == [
            (503, "30")
        ] * 3
        assert {path: site.read(path).status for path in [*PAGES, link]} == dict.fromkeys([*PAGES, link], 200)
    finally:
        database.allow_writing(True)
    assert database.ask(ATTEMPTS) == database.ask(MESSAGES) == [(1,)]
    assert database.ask(CONFIRMED) == [(0,)]
    assert site.press(link, "confirm").status == 200
    assert site.sign(cast.ADA).status == 303
    assert broken(ask=database.ask, journal=site.journal) == []


def test_f18_a_locked_letter_can_be_read_and_who_signs_is_told_to_come_back(site, database):
    with psycopg.connect(database.url) as elsewhere:
        elsewhere.execute("SELECT 1 FROM letters_letter FOR UPDATE")
        answers = at_once([lambda: site.sign(cast.ADA)] * 3 + [site.read] * 2)
        # all were answered while the lock was held
        assert [answer.status for answer in answers] == [503] * 3 + [200] * 2
    assert database.ask(ATTEMPTS) == database.ask(MESSAGES) == [(0,)]
    assert site.sign(cast.ADA).status == 303
    assert broken(ask=database.ask, journal=site.journal) == []
