"""PostgreSQL crashes while mail leaves: every mail arrives, none under two names."""

import pytest

from tests.faults.cluster import cluster
from tests.faults.harness import running, sender, settles
from tests.postbox import open_postbox

pytestmark = pytest.mark.processes
MAILS = 20

PREPARE = f"""
from django.core.mail import send_mail
from django.core.management import call_command
from django.db import transaction
call_command("migrate", "outbox", verbosity=0)
with transaction.atomic():
    for number in range({MAILS}):
        send_mail(f"Mail {{number}}", "Hello.", None, [f"person{{number}}@mail.example"])
"""


@pytest.fixture
def filled(tmp_path):
    """A database of its own with mail that waits."""
    with cluster() as database:
        log = tmp_path / "prepare.log"
        with running("manage.py", "shell", "-c", PREPARE, log=log, DATABASE_URL=database.url) as process:
            assert process.wait(seconds=60) == 0, process.output
        yield database


def test_f16_mail_goes_on_after_a_crash_of_the_database(filled, log):
    with open_postbox() as postbox:
        postbox.slow = 0.1
        url = f"smtp://127.0.0.1:{postbox.port}?timeout=1&data_timeout=1"
        with sender(log, DATABASE_URL=filled.url, EMAIL_URL=url) as process:
            assert postbox.wait_for(3), process.output
            filled.crash()
            arrived = len(postbox.mails)
            filled.start()
            assert settles(lambda: len(set(postbox.message_ids)) == MAILS, seconds=30), process.output
            left = "SELECT count(*) FROM outbox_message WHERE state = 'sent'"
            assert settles(lambda: filled.ask(left) == [(MAILS,)]), process.output
            assert process.stop() == 0, process.output
    assert arrived < MAILS
    assert len(postbox.mails) <= MAILS + 1
    assert len({str(mail["Subject"]) for mail in postbox.mails}) == MAILS
    recorded = {name for (name,) in filled.ask("SELECT message_id FROM outbox_message")}
    assert recorded == set(postbox.message_ids)
