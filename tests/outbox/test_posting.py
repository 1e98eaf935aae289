from datetime import timedelta

import kombu
import pytest
from celery import current_app
from django.core.mail import EmailMessage, EmailMultiAlternatives, mail_admins, send_mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from outbox import clock, draining, emails, posting
from outbox.models import Message, Rendered

pytestmark = pytest.mark.django_db


@pytest.fixture
def nudges(monkeypatch):
    """What the broker was asked, instead of a broker."""
    asked = []
    monkeypatch.setattr(posting, "_closed_until", 0.0)
    monkeypatch.setattr(current_app, "send_task", lambda name, **how: asked.append(name))
    return asked


@pytest.mark.parametrize("key", [None, "confirm-7"])
def test_posting_is_one_insert(django_assert_num_queries, key):
    with transaction.atomic(), django_assert_num_queries(1) as queries:
        posting.post("note", subject=7, dedupe_key=key)
    assert queries.captured_queries[0]["sql"].startswith("INSERT")


def test_t01_the_sql_is_the_same_with_and_without_a_key_and_for_a_repetition():
    shapes = []
    for key in [None, "a", "a"]:
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            posting.post("note", subject=7, dedupe_key=key)
        shapes.append([query["sql"].split("VALUES")[0] for query in queries])
    assert shapes[0] == shapes[1] == shapes[2]


def test_a_message_with_the_same_key_is_folded_into_the_first():
    first = posting.post("note", subject=1, dedupe_key="a")
    assert posting.post("note", subject=1, dedupe_key="a").pk == first.pk
    assert posting.post("note", subject=1).pk != posting.post("note", subject=1).pk
    assert Message.objects.count() == 3


def test_asvs40_it_goes_with_the_transaction_it_was_posted_in():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        posting.post("note", subject=1)
        raise ZeroDivisionError
    assert not Message.objects.exists()


def test_what_is_posted_for_later_is_not_due_before():
    at = clock.now() + timedelta(hours=1)
    posting.post("note", subject=1, at=at)
    assert Message.objects.oldest_due(clock.now()) is None
    assert Message.objects.oldest_due(at) == at


def test_the_queue_s_age_is_that_of_the_oldest_due_message():
    now = clock.now()
    assert Message.objects.queue_age(now) == timedelta(0)
    posting.post("note", subject=1, at=now - timedelta(minutes=9))
    posting.post("note", subject=2, at=now - timedelta(minutes=3))
    assert Message.objects.queue_age(now) == timedelta(minutes=9)


def test_a_worker_is_nudged_at_most_once_a_second(nudges):
    for _ in range(5):
        posting.nudge()
    assert nudges == ["outbox.drain"]


def test_a_broker_that_is_away_is_nobody_s_trouble_and_left_alone_for_a_while(monkeypatch):
    asked = []

    def refuse(name, **how):
        asked.append(name)
        raise kombu.exceptions.OperationalError

    monkeypatch.setattr(posting, "_closed_until", 0.0)
    monkeypatch.setattr(current_app, "send_task", refuse)
    posting.nudge()
    posting.nudge()
    assert len(asked) == 1
    assert posting._closed_until > posting.time.monotonic() + 20


class TestDjangosOwnMail:
    @pytest.fixture(autouse=True)
    def backend(self, settings, nudges):
        settings.EMAIL_BACKEND = "outbox.backends.OutboxBackend"

    def test_it_waits_sealed_in_the_outbox(self, django_capture_on_commit_callbacks, nudges):
        with django_capture_on_commit_callbacks(execute=True):
            assert send_mail("Code", "1234", None, ["canary@mail.example"]) == 1
        message = Message.objects.get()
        assert message.kind == emails.RENDERED
        assert b"canary" not in bytes(raw_rendered())
        assert nudges == ["outbox.drain"]

    def test_each_recipient_gets_a_mail_of_their_own(self, postbox):
        EmailMessage(
            "Hello", "x", to=["a@mail.example"], cc=["b@mail.example"], bcc=["c@mail.example"]
        ).send()
        assert draining.drain() == 3
        assert sorted(str(mail["To"]) for mail in postbox.mails) == [f"{name}@mail.example" for name in "abc"]
        assert all(mail["Cc"] is None for mail in postbox.mails)

    def test_html_files_and_reply_to_arrive(self, postbox):
        mail = EmailMultiAlternatives("Hello", "x", to=["a@mail.example"], reply_to=["Desk <desk@a.example>"])
        mail.attach_alternative("<p>x</p>", "text/html")
        mail.attach("a.bin", b"\x00\xff", "application/octet-stream")
        mail.send()
        assert draining.drain() == 1
        arrived = postbox.mails[0]
        assert arrived["Reply-To"] == "desk@a.example"
        assert arrived.get_body(("html",)).get_content().strip() == "<p>x</p>"
        assert next(arrived.iter_attachments()).get_content() == b"\x00\xff"

    def test_a_mail_to_nobody_posts_nothing(self, settings):
        settings.ADMINS = []
        mail_admins("Hello", "x")
        assert not Message.objects.exists()

    def test_what_lost_its_text_ends_without_a_mail(self, postbox):
        send_mail("Code", "1234", None, ["a@mail.example"])
        Rendered.objects.all().delete()
        assert draining.drain() == 0
        assert Message.objects.get().state == "void"


def raw_rendered():
    with connection.cursor() as cursor:
        cursor.execute("SELECT mail FROM outbox_rendered")
        return cursor.fetchone()[0]
