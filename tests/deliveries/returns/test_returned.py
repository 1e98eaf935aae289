"""What comes back of a delivery is found, understood and noted once, whatever its bytes are."""

import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deliveries import preparing, sending
from deliveries.models import Delivery, Report
from deliveries.returns import returned
from outbox.models import State
from tests import cast, entering
from tests.deliveries import bouncing

pytestmark = pytest.mark.django_db

Kind, Source = Report.Kind, Report.Source


@pytest.fixture
def delivery(letter, postbox) -> Delivery:
    row = preparing.prepare(letter)[0]
    assert sending.send(row)
    return Delivery.objects.get(pk=row.pk)


def ways(delivery) -> dict[str, dict[str, str]]:
    """How a report may say what it is about."""
    return {
        "tag": {"to": bouncing.return_path(delivery)},
        "TAG": {"to": bouncing.return_path(delivery).upper()},
        "envelope": {"envelope": delivery.return_tag},
        "headers": {"message_id": delivery.message_id},
        "mail": {"message_id": delivery.message_id, "quoted": "message/rfc822"},
    }


@pytest.mark.parametrize("way", ["tag", "TAG", "envelope", "headers", "mail"])
def test_a_bounce_finds_its_delivery_and_is_noted_once(delivery, way):
    content = bouncing.report(**ways(delivery)[way])
    report = returned.record(content)
    assert report and report.delivery == delivery
    assert (report.kind, report.source) == (Kind.BOUNCED, Source.SERVER)
    assert report.words == "550 5.1.1 <<address>>: no such user"
    known = {"matched": "message-id"} if way in ("headers", "mail") else {}
    assert report.facts == {"action": "failed", "status": "5.1.1", "server": "mx.office.example"} | known
    assert returned.record(content) is None and Report.objects.count() == 1
    delivery.refresh_from_db()
    assert delivery.state == State.SENT, "what left has left"


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("failed", "5.1.1", Kind.BOUNCED),
        ("Failed", "5.1.1", Kind.BOUNCED),
        ("delayed", "4.4.1", Kind.DELAYED),
        ("delivered", "2.0.0", Kind.DELIVERED),
        ("delivered (to mailbox)", "2.0.0", Kind.DELIVERED),
        ("relayed", "2.0.0", Kind.NOTED),
        ("expanded", "2.0.0", Kind.NOTED),
    ],
)
def test_each_action_means_what_the_rfc_says(delivery, action, status, kind):
    report = returned.record(bouncing.report(to=bouncing.return_path(delivery), action=action, status=status))
    assert report and report.kind == kind


def test_arrival_is_believed_by_the_tag_alone(delivery):
    assert returned.record(bouncing.report(message_id=delivery.message_id, action="delivered")) is None
    assert returned.record(bouncing.report(envelope=delivery.return_tag, action="delivered"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff" * 40,
        b"Subject: Out of office\n\nI am away.",
        bouncing.report(action="teleported"),
        bouncing.report(),
        bouncing.report(envelope="0" * 20),
        bouncing.report().replace(b"message/delivery-status", b"message/disposition-notification"),
    ],
)
def test_whatever_reports_nothing_of_ours_changes_nothing(delivery, content):
    assert returned.record(content) is None and not Report.objects.exists()


def test_an_absence_note_to_the_return_path_is_left_alone(delivery):
    note = f"To: {bouncing.return_path(delivery)}\nAuto-Submitted: auto-replied\n\nI am away.".encode()
    assert returned.record(note) is None


def test_who_delivers_is_told_of_the_first_that_comes_back(letter, delivery, mailoutbox):
    cast.esra(letter)
    to = bouncing.return_path(delivery)
    for status in ("5.1.1", "5.2.2"):
        assert returned.record(bouncing.report(to=to, status=status))
    assert len(mailoutbox) == 1 and "came back" in str(mailoutbox[0].body)


def test_the_desk_says_that_it_came_back(letter, delivery, client):
    entering.enter(client, cast.esra(letter))
    returned.record(bouncing.report(to=bouncing.return_path(delivery)))
    for page in ("", f"{delivery.pk}/"):
        words = client.get(f"/desk/letters/clean-rivers/deliveries/{page}").content.decode()
        assert "It came back." in words
    assert "550 5.1.1" in words and "minister@office.example" not in words


def test_forged_reports_are_only_so_many(delivery, monkeypatch):
    monkeypatch.setattr(returned, "MOST_REPORTS", 3)
    made = [
        returned.record(bouncing.report(to=bouncing.return_path(delivery), status=f"5.1.{number}"))
        for number in range(5)
    ]
    assert [bool(one) for one in made] == [True, True, True, False, False]


def test_who_knows_the_message_id_alone_leaves_room_for_who_knows_the_tag(delivery, monkeypatch):
    monkeypatch.setattr(returned, "MOST_REPORTS", 6)
    forged = [
        returned.record(bouncing.report(message_id=delivery.message_id, action="delayed", status=f"4.1.{n}"))
        for n in range(8)
    ]
    assert [bool(one) for one in forged] == [True] * 3 + [False] * 5
    assert returned.record(bouncing.report(to=bouncing.return_path(delivery))).kind == Report.Kind.BOUNCED


def test_what_is_quoted_may_be_large(delivery):
    content = bouncing.report(to=bouncing.return_path(delivery)) + b"x" * 40_000_000
    assert returned.record(content)


NASTY = [
    b'Content-Type: multipart/report; boundary="b"\n\n--b\n' * 3000,
    bouncing.report()
    .replace(b"charset=utf-8", b"charset*=x''%00\nContent-Transfer-Encoding: 8bit")
    .replace(b"Something", b"\xff\xfe"),
    bouncing.report(action="failed\x00\xff").replace(b"no such user", b"\x00\xed\xa0\x80" + b"a" * 900_000),
    bouncing.report().replace(b"text/rfc822-headers", b"message/rfc822").replace(b"From: letters", b"\x00"),
    b"Content-Type: message/rfc822\n\n" * 5000 + bouncing.report(),
]


@pytest.mark.parametrize("content", NASTY)
def test_nothing_raises_nor_takes_for_ever(delivery, content):
    returned.record(content.replace(b"bounces@", bouncing.return_path(delivery).encode()[:-19]))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_bytes_are_read_without_an_error(data, caplog):
    caplog.set_level(logging.CRITICAL)
    whole = bouncing.report(message_id="<a@b.example>", quoted="message/rfc822")
    at = data.draw(st.integers(0, len(whole)))
    returned.read(
        whole[:at] + data.draw(st.binary(max_size=60)) + whole[at + data.draw(st.integers(0, 60)) :]
    )


def test_a_report_in_a_forwarded_mail_is_read(delivery):
    inside = bouncing.report(to=bouncing.return_path(delivery))
    mail = b"To: host@coalition.example\nContent-Type: message/rfc822\n\n" + inside
    assert returned.record(mail)
