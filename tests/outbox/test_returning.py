import io
import logging
import sys

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from outbox import returning
from outbox.models import Message, State
from outbox.returning import Return
from tests import reports

pytestmark = pytest.mark.django_db

ID = "<0123456789abcdef0123456789abcdef@undersigned.example>"


@pytest.fixture
def told(builders):
    """What the owner of the messages was told."""
    told = []

    @builders.message(
        "note",
        dead=lambda message: told.append(("came back", message.pk)),
        complained=lambda message, at: told.append(("complained", message.pk)),
    )
    def note(message):
        raise AssertionError("nothing is built anew")

    return told


@pytest.fixture
def sent(told):
    return Message.objects.create(
        kind="note", subject=1, state=State.SENT, sent_at=timezone.now(), message_id=ID
    )


def moments(message):
    message.refresh_from_db()
    return message.complained_at is not None, message.bounced_at is not None


@pytest.mark.parametrize("feedback", ["abuse", "Abuse", "fraud", "other"])
@pytest.mark.parametrize("quoted_as", ["message/rfc822", "text/rfc822-headers"])
def test_t06_a_complaint_is_noted_at_its_message_once(sent, told, feedback, quoted_as):
    report = reports.complaint(ID, feedback=feedback, quoted_as=quoted_as)
    assert [returning.record(report) for _ in range(2)] == [Return.COMPLAINT, None]
    assert moments(sent) == (True, False) and sent.state == State.SENT
    assert told == [("complained", sent.pk)]


@pytest.mark.parametrize("quoted_as", ["message/rfc822", "text/rfc822-headers"])
def test_t06_a_bounce_that_comes_later_is_noted_once(sent, told, quoted_as):
    report = reports.bounce(ID, quoted_as=quoted_as)
    assert [returning.record(report) for _ in range(2)] == [Return.BOUNCE, None]
    assert moments(sent) == (False, True)
    assert told == [("came back", sent.pk)]


def test_a_report_that_was_forwarded_whole_is_read(sent):
    mail = b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n%b\n--x--\n"
    assert returning.record(mail % reports.complaint(ID)) is Return.COMPLAINT


@pytest.mark.parametrize(
    "content",
    [
        reports.complaint("<another@undersigned.example>"),
        reports.complaint(ID, feedback="not-spam"),
        reports.complaint(ID, feedback="auth-failure"),
        reports.complaint(ID, quoted="Subject: no id\n\nHello.\n"),
        reports.complaint(ID, quoted_as="text/plain"),
        reports.bounce(ID, action="delayed"),
        reports.bounce(ID, action="relayed"),
        b"",
        b"\xff\xfe\x00",
        f"Subject: out of office\nIn-Reply-To: {ID}\n\nI am away.\n".encode(),
        b"Content-Type: multipart/report; boundary=x\n\n--x\n",
        b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (i, i) for i in range(3000)),
    ],
)  # fmt: skip
def test_anything_else_changes_nothing(sent, told, content):
    assert returning.record(content) is None
    assert moments(sent) == (False, False) and told == []


def test_t20_no_address_of_a_report_is_logged(sent, caplog):
    with caplog.at_level(logging.DEBUG):
        returning.record(reports.complaint(ID))
        returning.record(reports.bounce(ID))
    assert f"message {sent.pk}: complaint" in caplog.text and "@" not in caplog.text


class TestTheCommand:
    def test_it_reads_a_maildir_and_leaves_it_as_it_is(self, sent, tmp_path, capsys):
        for folder in ("new", "cur", "tmp"):
            (tmp_path / folder).mkdir()
        (tmp_path / "new" / "1.report").write_bytes(reports.complaint(ID))
        (tmp_path / "cur" / "2.report:2,S").write_bytes(reports.bounce(ID))
        (tmp_path / "cur" / "3.answer").write_bytes(b"Subject: out of office\n\nI am away.\n")
        (tmp_path / "tmp" / "4.half").write_bytes(reports.complaint(ID)[:300])
        call_command("record_complaints", str(tmp_path))
        assert capsys.readouterr().out == "Complaints: 1. Bounces: 1. Nothing new: 1.\n"
        assert moments(sent) == (True, True)
        assert len([file for file in tmp_path.rglob("*") if file.is_file()]) == 4

    def test_a_mail_may_be_piped_into_it(self, sent, monkeypatch, capsys):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(reports.complaint(ID))))
        call_command("record_complaints", "-")
        assert capsys.readouterr().out.startswith("Complaints: 1.")

    def test_a_place_that_is_not_there_is_said(self, tmp_path):
        with pytest.raises(CommandError):
            call_command("record_complaints", str(tmp_path / "nowhere"))
