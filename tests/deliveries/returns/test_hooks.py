"""What a provider reports by HTTP stands in the record, if it is the provider."""

import base64
import hashlib
import hmac
import json
import secrets
import time

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from deliveries import preparing, sending
from deliveries.emails import TRIAL
from deliveries.models import Delivery, Report
from deliveries.returns import providers
from outbox.models import Message, State
from tests import cast

pytestmark = [pytest.mark.once, pytest.mark.django_db]

SECRET = "a-secret-of-the-provider"
DEEP = b"[" * 20_000  # lists within lists
Kind = Report.Kind


@pytest.fixture
def delivery(letter, postbox) -> Delivery:
    row = preparing.prepare(letter)[0]
    assert sending.send(row)
    return Delivery.objects.get(pk=row.pk)


@pytest.fixture
def brevo(client, settings):
    settings.PROVIDER_WEBHOOK = f"brevo:{SECRET}"

    def post(event: str, message_id: str, *, secret: str = SECRET, **more):
        told = {"event": event, "message-id": message_id, "email": "minister@office.example"}
        credentials = base64.b64encode(f"undersigned:{secret}".encode()).decode()
        return client.post(
            "/hooks/mail/", json.dumps({"ts_epoch": 1783332000000, **told, **more}),
            content_type="application/json", headers={"Authorization": f"Basic {credentials}"},
        )  # fmt: skip

    return post


@pytest.fixture
def mailgun(client, settings):
    settings.PROVIDER_WEBHOOK = f"mailgun:{SECRET}"

    def post(event: str, message_id: str, *, key: str = SECRET, token: str = "", ago: int = 0, **more):
        signed = {"timestamp": str(int(time.time()) - ago), "token": token or secrets.token_hex(25)}
        text = (signed["timestamp"] + signed["token"]).encode()
        signed["signature"] = hmac.new(key.encode(), text, hashlib.sha256).hexdigest()
        data = {"event": event, "id": "1", "timestamp": 1783332000.5, "recipient": "minister@office.example"}
        data |= {"message": {"headers": {"message-id": message_id.strip("<>")}}} | more
        told = {"signature": signed, "event-data": data}
        return client.post("/hooks/mail/", json.dumps(told), content_type="application/json")

    return post


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("hard_bounce", Kind.BOUNCED),
        ("blocked", Kind.BOUNCED),
        ("deferred", Kind.DELAYED),
        ("delivered", Kind.DELIVERED),
    ],
)
def test_each_event_means_what_it_says_and_is_noted_once(delivery, brevo, event, kind):
    for _ in range(2):
        answer = brevo(event, delivery.message_id, reason="550 5.1.1 <minister@office.example> unknown")
        assert answer.status_code == 200
    report = Report.objects.get()
    assert (report.delivery, report.kind, report.source) == (delivery, kind, "provider")
    assert report.words == "550 5.1.1 <<address>> unknown"


def test_a_provider_that_signs_is_understood(delivery, mailgun):
    status = {"code": 550, "message": "no such user"}
    answer = mailgun("failed", delivery.message_id, severity="permanent", **{"delivery-status": status})
    assert answer.status_code == 200 and Report.objects.get().kind == Kind.BOUNCED


def test_a_signature_that_is_used_again_signs_nothing(delivery, mailgun):
    """Mailgun signs a moment and a token, and not what it says beside them."""
    assert mailgun("delivered", delivery.message_id, token="t" * 50).status_code == 200
    again = mailgun("failed", delivery.message_id, token="t" * 50, severity="permanent")
    assert again.status_code == 406, "which Mailgun takes for an answer and does not try again"
    assert Report.objects.get().kind == Kind.DELIVERED
    assert mailgun("delivered", delivery.message_id, token="u" * 50, id="2").status_code == 200


@pytest.mark.parametrize("ago", [86_500, -86_500])
def test_a_signature_of_another_day_signs_nothing(delivery, mailgun, ago):
    assert mailgun("failed", delivery.message_id, ago=ago).status_code == 406
    assert not Report.objects.exists()
    assert mailgun("failed", delivery.message_id, ago=ago // 86_500 * 86_000).status_code == 200


@pytest.mark.parametrize("moment", ["", "soon", None, [], "1e400", "9" * 40])
def test_a_signature_without_a_moment_signs_nothing(client, settings, moment):
    settings.PROVIDER_WEBHOOK = f"mailgun:{SECRET}"
    signed = {"timestamp": moment, "token": "t" * 50}
    text = f"{moment}{signed['token']}".encode()
    signed["signature"] = hmac.new(SECRET.encode(), text, hashlib.sha256).hexdigest()
    told = {"signature": signed, "event-data": {"event": "failed", "id": "1", "timestamp": 1783332000.5}}
    answer = client.post("/hooks/mail/", json.dumps(told), content_type="application/json")
    assert answer.status_code in (400, 406)


def test_what_could_not_be_recorded_may_be_told_again_under_its_token(delivery, mailgun, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("deliveries.returns.returned.note", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            mailgun("failed", delivery.message_id, token="t" * 50)
    assert mailgun("failed", delivery.message_id, token="t" * 50).status_code == 200
    assert Report.objects.count() == 1


def test_nobody_else_is_believed(delivery, brevo, mailgun, client, settings):
    assert mailgun("failed", delivery.message_id, key="another-key-of-someone").status_code == 400
    settings.PROVIDER_WEBHOOK = f"brevo:{SECRET}"
    assert brevo("hard_bounce", delivery.message_id, secret="guessed").status_code == 400
    assert client.post("/hooks/mail/", "{}", content_type="application/json").status_code == 400
    assert not Report.objects.exists()


def test_the_first_that_comes_back_is_told(letter, delivery, brevo, mailoutbox):
    cast.esra(letter)
    brevo("hard_bounce", delivery.message_id)
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("event", ["opened", "click", "request", "spam", "teleported"])
def test_what_says_nothing_of_a_delivery_changes_nothing(delivery, brevo, event):
    assert brevo(event, delivery.message_id).status_code == 200 and not Report.objects.exists()


@pytest.mark.parametrize("unknown", ["", "<nobody@us.example>", None, "x" * 9000, "<\x00@b>"])
def test_mail_that_is_not_ours_changes_nothing(delivery, brevo, unknown):
    assert brevo("hard_bounce", unknown).status_code == 200 and not Report.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"[1]", b"null", b"\xff", b'{"event": []}', b'{"items": 1}', DEEP]
)
def test_what_is_no_event_is_refused_or_left_alone(delivery, settings, client, body):
    settings.PROVIDER_WEBHOOK = f"brevo:{SECRET}"
    credentials = base64.b64encode(f"undersigned:{SECRET}".encode()).decode()
    answer = client.post(
        "/hooks/mail/",
        body,
        content_type="application/json",
        headers={"Authorization": f"Basic {credentials}"},
    )
    assert answer.status_code == 400 and not Report.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        DEEP,
        b'{"signature": 1}',
        b'{"signature": []}',
        b'{"signature": {"token": "\xc3\xa9", "timestamp": "1", "signature": "1"}}',
        b'{"signature": {"token": "t", "timestamp": "1", "signature": {}}}',
        b'{"signature": {"token": "t", "timestamp": "1", "signature": "\\ud800"}}',
    ],
)
def test_what_a_stranger_sends_for_a_provider_that_signs_is_refused(settings, client, body):
    settings.PROVIDER_WEBHOOK = f"mailgun:{SECRET}"
    answer = client.post("/hooks/mail/", body, content_type="application/json")
    assert answer.status_code == 400 and not Report.objects.exists()


def test_a_form_that_a_stranger_sends_for_a_provider_that_signs_is_refused(settings, client):
    settings.PROVIDER_WEBHOOK = f"mailgun:{SECRET}"
    answer = client.post("/hooks/mail/", {"token": "é", "timestamp": "1", "signature": "1"})
    assert answer.status_code == 400 and not Report.objects.exists()


@pytest.mark.parametrize("timestamp", [1e300, 1e18, "soon"])
def test_a_moment_that_cannot_be_is_refused(delivery, mailgun, timestamp):
    answer = mailgun("failed", delivery.message_id, timestamp=timestamp)
    assert answer.status_code == 400 and not Report.objects.exists()


def test_complaints_about_other_mail_are_noted(brevo):
    message = Message.objects.create(
        kind=TRIAL, subject=1, state=State.SENT, sent_at=timezone.now(), message_id="<7@us.example>"
    )
    brevo("spam", "<7@us.example>")
    message.refresh_from_db()
    assert message.complained_at and not message.bounced_at


def test_without_a_provider_nothing_is_there(client, settings):
    assert settings.PROVIDER_WEBHOOK == ""
    assert client.post("/hooks/mail/").status_code == 404


@pytest.mark.parametrize("text", ["brevo", "brevo:short", "nobody:" + SECRET, SECRET])
def test_half_a_setting_stops_the_start_without_saying_the_secret(text):
    with pytest.raises(ImproperlyConfigured, match="PROVIDER_WEBHOOK") as told:
        providers.provider(text)
    assert SECRET not in str(told.value)
