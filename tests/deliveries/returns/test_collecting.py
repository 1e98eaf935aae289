"""What came back is read from a real mailbox, once, whatever lies in it and whenever it is cut off."""

import base64
import logging
import time

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.utils import timezone

from deliveries import preparing, sending, tasks
from deliveries.emails import TRIAL
from deliveries.models import Delivery, Report
from deliveries.returns import collecting, mailbox, returned
from outbox import turns
from outbox.models import Alert, Message, State
from tests import refusing_mailbox, reports
from tests.deliveries import bouncing
from tests.mailserver import dovecot

pytestmark = [pytest.mark.once, pytest.mark.django_db]

SEEN, FLAGGED = {r"\Seen"}, {r"\Flagged"}
NOTE = b"Subject: I am away\n\nUntil Monday.\n"


@pytest.fixture(scope="module")
def server():
    with dovecot() as running:
        yield running


@pytest.fixture
def box(server, settings):
    """An empty mailbox, which IMAP_URL names."""
    settings.IMAP_URL = server.url
    with server.client() as client:
        client.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
        client.expunge()
    return server


@pytest.fixture
def delivery(letter, postbox) -> Delivery:
    row = preparing.prepare(letter)[0]
    assert sending.send(row)
    return Delivery.objects.get(pk=row.pk)


def bounce(delivery, status="5.1.1") -> bytes:
    return bouncing.report(to=bouncing.return_path(delivery), status=status)


def test_a_bounce_is_read_and_marked_as_read(box, delivery):
    box.put(NOTE, bounce(delivery))
    assert collecting.collect() == 1
    assert Report.objects.get().kind == Report.Kind.BOUNCED
    assert box.flags() == [SEEN, SEEN]
    assert collecting.collect() == 0


def test_the_line_is_encrypted_where_the_url_says_so(box, delivery, settings):
    box.put(bounce(delivery))
    settings.IMAP_URL = box.safe_url
    tasks.read_returned()
    assert Report.objects.count() == 1
    settings.IMAP_URL = box.safe_url.partition("&ca=")[0]  # a certificate that nobody vouches for
    with pytest.raises(mailbox.MailboxUnreachable, match="SSLCertVerificationError"), mailbox.opened():
        pass


def test_other_mail_of_ours_that_comes_back_is_noted_too(box):
    message = Message.objects.create(
        kind=TRIAL, subject=1, state=State.SENT, sent_at=timezone.now(), message_id="<7@us.example>"
    )
    box.put(reports.bounce("<7@us.example>"))
    assert collecting.collect() == 1
    message.refresh_from_db()
    assert message.bounced_at


def test_two_hundred_are_read_in_a_turn(box, delivery, monkeypatch):
    monkeypatch.setattr(collecting, "AT_ONCE", 2)
    box.put(*(bounce(delivery, status=f"5.1.{number}") for number in range(3)))
    assert [collecting.collect() for _ in range(3)] == [2, 1, 0]


def nested(depth: int, *, end: bytes = b"--\n" * 300_000) -> bytes:
    """Parts within parts, and lines that might end each of them."""
    parts = (b"Content-Type: multipart/report; boundary=%d\n\n--%d\n" % (one, one) for one in range(depth))
    return b"".join(parts) + end


def hidden(depth: int) -> bytes:
    """The same where a report quotes headers, packed."""
    inside = base64.encodebytes(nested(depth, end=b"--\n" * 30_000))
    packed = b"Content-Transfer-Encoding: base64\n\n" + inside + b"--=_b"
    return bouncing.report().replace(b"\nFrom: letters", packed + b"\nFrom: letters")


@pytest.mark.parametrize("bomb", [nested(60), nested(15), hidden(500)])
def test_a_mail_that_takes_long_to_take_apart_stops_no_other(box, delivery, bomb):
    box.put(bomb, bounce(delivery))
    used = time.process_time()
    assert collecting.collect() == 1
    assert time.process_time() - used < 1.5
    assert box.flags()[1] == SEEN and box.flags()[0]
    assert collecting.collect() == 0


def test_a_turn_ends_in_time_and_the_next_goes_on(box, delivery, monkeypatch):
    monkeypatch.setattr(collecting, "LONGEST", 0)
    box.put(bounce(delivery, status="5.1.1"), bounce(delivery, status="5.1.2"))
    assert [collecting.collect() for _ in range(3)] == [1, 1, 0]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one process")
def test_two_do_not_read_at_once(box, delivery):
    box.put(bounce(delivery))
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [turns.number(collecting.ALERT)])
            assert collecting.collect() == 0 and box.flags() == [set()]
            cursor.execute("SELECT pg_advisory_unlock(%s)", [turns.number(collecting.ALERT)])
    finally:
        other.close()
    assert collecting.collect() == 1


def test_one_that_cannot_be_recorded_is_flagged_and_nothing_of_it_is_logged(
    box, delivery, monkeypatch, caplog
):
    def record(content, real=returned.record, **more):
        if b"5.1.0" in content:
            raise ValueError(content.decode())
        return real(content, **more)

    monkeypatch.setattr(returned, "record", record)
    caplog.set_level(logging.WARNING)
    box.put(bounce(delivery, status="5.1.0"), bounce(delivery, status="5.1.1"))
    assert [collecting.collect() for _ in range(2)] == [1, 0]
    assert box.flags() == [FLAGGED, SEEN]
    assert "put aside: ValueError" in caplog.text and delivery.return_tag not in caplog.text


def test_a_mail_stays_unread_while_the_database_is_away(box, delivery, monkeypatch):
    box.put(bounce(delivery))

    def away(content, **_more):
        raise OperationalError("away")

    with monkeypatch.context() as patch:
        patch.setattr(returned, "record", away)
        with pytest.raises(OperationalError):
            collecting.collect()
    assert box.flags() == [set()]
    assert collecting.collect() == 1


def test_who_is_cut_off_before_marking_reads_it_again_and_tells_it_once(box, delivery, monkeypatch):
    box.put(bounce(delivery))

    def cut(self, number, flag):
        raise mailbox.MailboxUnreachable("abort")

    with monkeypatch.context() as patch:
        patch.setattr(mailbox.Mailbox, "mark", cut)
        assert collecting.collect() == 0
    assert box.flags() == [set()] and Alert.objects.open().get().kind == "returns"
    assert collecting.collect() == 0
    assert Report.objects.count() == 1 and box.flags() == [SEEN]
    assert not Alert.objects.open().exists()


def test_a_large_mail_is_read_by_its_beginning(box, delivery):
    box.put(bounce(delivery) + b"x" * 3_000_000, b"y" * 2_000_000)
    assert collecting.collect() == 1 and box.flags() == [SEEN, SEEN]


@pytest.mark.parametrize("wrong", ["wrong-password", "folder", "nobody-listens"])
def test_a_mailbox_that_cannot_be_reached_is_said_aloud_without_its_password(box, settings, caplog, wrong):
    settings.IMAP_URL = {
        "wrong-password": box.url.replace("word", "key"),
        "folder": box.url.replace("INBOX", "Nowhere"),
        "nobody-listens": box.url.replace(f":{box.imap}", ":1"),
    }[wrong]
    assert collecting.collect() == 0
    assert "cannot be read" in Alert.objects.open().get().reason
    assert "pass" not in caplog.text and "bounces" not in caplog.text


@pytest.mark.parametrize("command", ["SEARCH", "STORE"])
def test_a_server_that_says_no_is_not_taken_at_its_word_and_the_alert_stays(settings, command):
    with refusing_mailbox.mailbox(refuses=command) as (settings.IMAP_URL, asked):
        assert [collecting.collect() for _ in range(2)] == [0, 0]
    assert "cannot be read" in Alert.objects.open().get().reason
    fetched = [line for line in asked if b"FETCH" in line]
    assert len(fetched) == (2 if command == "STORE" else 0), "no number in a refusal is a mail's"


def test_one_mail_that_a_server_does_not_hand_over_does_not_stand_in_the_way_of_others(settings):
    with refusing_mailbox.mailbox(refuses="FETCH") as (settings.IMAP_URL, asked):
        assert collecting.collect() == 0
    assert b"STORE 7 +FLAGS.SILENT (\\Flagged)" in b"".join(asked)
    assert not Alert.objects.open().exists()


def test_without_a_mailbox_nothing_is_read(settings):
    assert settings.IMAP_URL == "" and collecting.collect() == 0


@pytest.mark.parametrize(
    "url",
    [
        "imap://us:secret@mail.example/INBOX",
        "imap+ssl://mail.example/INBOX",
        "imaps://us:secret@mail.example",
        "imap+ssl://us:secret@mail.example/IN%0d%0aBOX",
        "imap+ssl://us:secret@mail.example:port",
        "nothing",
    ],
)
def test_what_names_no_mailbox_stops_the_start_without_saying_the_password(url):
    with pytest.raises(ImproperlyConfigured, match="IMAP_URL") as told:
        mailbox.place(url)
    assert "secret" not in str(told.value)
