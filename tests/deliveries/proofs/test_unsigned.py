"""While papers cannot be signed, who asks for one is told so, and nothing is half made."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Trail
from deliveries import emails, preparing, releasing, sending
from letters.models import Recipient
from outbox.models import Message
from tests import cast, entering

pytestmark = [pytest.mark.once, pytest.mark.django_db]

PAGE = "/desk/letters/clean-rivers/deliveries/"
NOBODY = "http://127.0.0.1:1/"


@pytest.fixture
def desk(letter, client):
    entering.enter(client, cast.esra(letter))
    return client


@pytest.fixture
def delivery(letter, postbox):
    row = preparing.prepare(letter)[0]
    assert sending.send(row)
    return row


@pytest.fixture
def release(letter, desk):
    chosen = [one.pk for one in letter.current.recipients.all()]
    assert desk.post(f"{PAGE}new/", {"recipients": chosen, "when": "now"}).status_code == 302
    row = letter.releases.get()
    releasing.freeze(row)
    row.refresh_from_db()
    return row


@pytest.fixture
def broken(settings, tmp_path):
    def spoil() -> None:
        (tmp_path / "certificate.p12").write_bytes(b"nothing")
        settings.PDF_CERTIFICATE = str(tmp_path / "certificate.p12")

    return spoil


@pytest.mark.parametrize("what", ["certificate", "case"])
def test_while_the_authority_of_time_stamps_is_away_the_desk_says_so(delivery, desk, settings, what):
    settings.TSA_URL = NOBODY
    answer = desk.post(f"{PAGE}{delivery.pk}/{what}/")
    assert answer.status_code == 503 and "does not answer. Try again later" in answer.content.decode()
    assert not Trail.objects.filter(what__in=("certificate of delivery", "case file")).exists()
    settings.TSA_URL = ""
    assert desk.post(f"{PAGE}{delivery.pk}/{what}/").status_code == 200


@pytest.mark.parametrize("what", ["certificate", "case"])
def test_while_the_certificate_cannot_be_used_the_desk_says_so(delivery, desk, broken, what):
    broken()
    answer = desk.post(f"{PAGE}{delivery.pk}/{what}/")
    assert answer.status_code == 503 and "certificate cannot be used" in answer.content.decode()


def test_who_looks_at_a_paper_that_cannot_be_signed_is_told(release, desk, broken):
    broken()
    office = release.recipients.first()
    answer = desk.post(f"{PAGE}releases/{release.pk}/papers/{office.pk}/")
    assert answer.status_code == 503 and "certificate cannot be used" in answer.content.decode()
    assert not Trail.objects.filter(what="paper looked at").exists()


def test_who_brings_a_paper_that_cannot_be_signed_is_told(letter, desk, broken):
    Recipient.objects.update(channel="post", address="", postal="1 Quay Street")
    row = preparing.prepare(letter)[0]
    broken()
    answer = desk.post(f"{PAGE}{row.pk}/paper/")
    assert answer.status_code == 503 and "certificate cannot be used" in answer.content.decode()
    row.refresh_from_db()
    assert row.handed_at is None


def test_a_test_mail_needs_nobody_s_time_stamp(release, desk, settings):
    settings.TSA_URL = NOBODY
    assert desk.post(f"{PAGE}releases/{release.pk}/try/").status_code == 302
    built = emails.trial(Message.objects.filter(kind=emails.TRIAL).first())
    assert [one.name for one in built.attachments] == ["clean-rivers.pdf"]


def test_a_test_mail_is_a_link_where_the_office_s_would_be(release, desk):
    first, _second = release.recipients.order_by("pk")
    Recipient.objects.filter(pk=first.pk).update(size_limit=0)
    desk.post(f"{PAGE}releases/{release.pk}/try/")
    built = {
        mail.text: mail.attachments for mail in map(emails.trial, Message.objects.filter(kind=emails.TRIAL))
    }
    (linked,) = (text for text, attached in built.items() if not attached)
    assert "larger than your mail server takes" in linked and "/d/…/" in linked
    assert len(built) == 2


@pytest.mark.parametrize("away", ["authority", "certificate"])
def test_commands_say_it_in_a_sentence(letter, tmp_path, settings, broken, away):
    if away == "authority":
        settings.TSA_URL = NOBODY
    else:
        broken()
    for command in (
        ["export", letter.slug, "--profile=government", "--format=pdf", f"--output={tmp_path / 'paper.pdf'}"],
        ["archive", letter.slug, str(tmp_path / "archive")],
    ):
        with pytest.raises(CommandError, match="could not be signed"):
            call_command(*command)
    assert not (tmp_path / "paper.pdf").exists() and not (tmp_path / "archive").exists()
