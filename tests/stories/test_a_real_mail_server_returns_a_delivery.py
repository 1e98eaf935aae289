"""Postfix takes a delivery and learns later that there is no such office: the desk is told."""

import pytest

from deliveries import preparing, sending
from deliveries.models import Delivery, Report
from deliveries.returns import collecting
from outbox.models import State
from tests import cast, entering
from tests.faults.harness import settles
from tests.mailserver import dovecot, postfix
from tests.postbox import open_postbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(settings):
    with dovecot() as running:
        settings.IMAP_URL = running.safe_url
        settings.BOUNCE_ADDRESS = "bounces@undersigned.example"
        yield running


@pytest.fixture
def office():
    """The mail server of the offices."""
    with open_postbox() as running:
        yield running


def carried(letter) -> Delivery:
    row = preparing.prepare(letter)[0]
    assert sending.send(row)
    row.refresh_from_db()
    return row


def test_a_real_mail_server_returns_a_delivery(mailbox, office, settings, client, tmp_path):
    settings.PDF_CERTIFICATE = str(tmp_path / "certificate.p12")
    letter = cast.clean_rivers()
    cast.bela(letter)
    entering.enter(client, cast.esra(letter))
    office.answers["RCPT"] = ["550 5.1.1 <office0@clean-rivers.example>: we have no such office"]
    with postfix(mailbox, office=office.port) as settings.EMAIL_URL:
        delivery = carried(letter)
        assert delivery.state == State.SENT and delivery.last_reply.startswith("250 2.0.0 Ok: queued as")
        assert settles(collecting.collect)
    report = Report.objects.get()
    assert (report.delivery, report.kind, report.source) == (delivery, "bounced", "server")
    assert "550 5.1.1" in report.words and "we have no such office" in report.words
    assert "@" not in report.words and report.facts["server"] == "mail.undersigned.example"
    page = client.get(f"/desk/letters/clean-rivers/deliveries/{delivery.pk}/").content.decode()
    assert "It came back." in page and "we have no such office" in page


def test_a_server_that_reports_nothing_further_proves_nothing(mailbox, office, settings, tmp_path):
    settings.PDF_CERTIFICATE = str(tmp_path / "certificate.p12")
    letter = cast.clean_rivers()
    cast.bela(letter)
    with postfix(mailbox, office=office.port) as settings.EMAIL_URL:
        carried(letter)
        assert settles(collecting.collect)
    report = Report.objects.get()
    assert (report.kind, report.facts["action"]) == ("noted", "relayed")
    assert office.recipients == ["office0@clean-rivers.example"]
    assert office.senders == [f"bounces+d{report.delivery.return_tag}@undersigned.example"]
