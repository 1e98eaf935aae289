"""What a person does with a delivery: bring it another way, say how it ended, try it again."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from deliveries import emails, preparing, recording, retaining, sending
from deliveries.desk import forms
from deliveries.dossiers import freezing
from deliveries.models import Delivery, Dossier, Release, Report, Step
from letters.models import Letter, Recipient, Version
from letters.publishing import publish
from outbox.models import State
from signatories.enrolled import enrolling
from tests import cast, entering
from tests.logos import pictures

pytestmark = pytest.mark.django_db

NOW = "now"


@pytest.fixture
def letter(db) -> Letter:
    """Addressed to one office by e-mail and one by post."""
    row = cast.letter("clean-rivers", "Clean Rivers", published=False)
    by_post = Version.objects.get(letter=row).recipients.last()
    by_post.channel, by_post.address, by_post.postal = Recipient.Channel.POST, "", "1 Quay Street\nLowmere"
    by_post.save()
    publish(row)
    row = Letter.objects.select_related("current").get(pk=row.pk)
    cast.bela(row)
    enrolling.enrol(at_once=True)
    return row


@pytest.fixture
def desk(letter) -> Client:
    client = Client()
    entering.enter(client, cast.esra(letter))
    return client


def by_post(letter) -> Delivery:
    return next(one for one in preparing.prepare(letter) if one.channel == "post")


def act(desk, delivery, what: str, **facts):
    if facts.get("day") == NOW:
        facts["day"] = f"{timezone.now():%Y-%m-%dT%H:%M}"
    return desk.post(f"/desk/letters/clean-rivers/deliveries/{delivery.pk}/{what}/", facts)


def handed_out(desk, delivery) -> bytes:
    """The paper that the desk gives out to be brought."""
    answer = act(desk, delivery, "paper")
    assert answer.status_code == 200, answer.headers.get("Location")
    return answer.content


def test_what_goes_by_post_waits_for_a_person(letter, postbox):
    delivery = by_post(letter)
    assert delivery.state == State.HELD and not sending.send(delivery)
    assert postbox.mails == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(state=State.READY)


def test_it_is_recorded_with_its_receipt(letter, desk):
    delivery = by_post(letter)
    handed_out(desk, delivery)
    page = desk.get(f"/desk/letters/clean-rivers/deliveries/{delivery.pk}/").content.decode()
    assert "1 Quay Street" in page and "envelope with a window" in page
    receipt = SimpleUploadedFile("r.png", pictures.saved(pictures.mark()), "image/png")
    answer = act(desk, delivery, "record", day=NOW, reference="RR 12", arrived="on", scan=receipt)
    assert answer.status_code == 302, answer.content.decode()
    delivery.refresh_from_db()
    assert delivery.state == State.SENT and delivery.evidence["reference"] == "RR 12"
    assert delivery.signatures == 1
    report = Report.objects.get()
    assert report.kind == Report.Kind.DELIVERED and report.scan
    assert act(desk, delivery, "record", day=NOW).status_code == 409


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"day": "2100-01-01T10:00"}, "has not come yet"),
        ({"day": "2020-01-01T10:00"}, "before it was approved"),
        ({"day": ""}, "required"),
        ({"day": NOW, "arrived": "on"}, "Add what proves it"),
        (
            {"day": NOW, "scan": SimpleUploadedFile("r.png", b"no picture")},
            "no picture that can be read",
        ),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(letter, desk, facts, words):
    delivery = by_post(letter)
    handed_out(desk, delivery)
    answer = act(desk, delivery, "record", **facts)
    assert answer.status_code == 422 and words in answer.content.decode()
    delivery.refresh_from_db()
    assert delivery.state == State.HELD and not Report.objects.exists()


def test_nginx_lets_a_receipt_through():
    conf = (settings.BASE_DIR / "docs" / "nginx.conf").read_text()
    limits = dict(re.findall(r'location ~ "(\S+)" \{\s+client_max_body_size (\d+)k;', conf))
    mine = [
        limit for way, limit in limits.items() if re.search(way, "/ur/desk/letters/a-b/deliveries/7/record/")
    ]
    assert len(mine) == 1 and int(mine[0]) * 1024 > forms.LARGEST_FILE


def test_what_was_recorded_wrongly_long_ago_destroys_no_names(letter, desk):
    delivery = by_post(letter)
    handed_out(desk, delivery)
    long_ago = timezone.now() - timedelta(days=60)
    with pytest.raises(recording.NotHandedOut):
        recording.record(delivery, by=cast.esra(letter), at=long_ago)
    retaining.retain()
    assert Dossier.objects.get(pk=delivery.dossier_id).key


def test_what_is_held_and_goes_by_mail_is_not_recorded_by_hand(letter, desk):
    delivery = preparing.prepare(letter)[0]
    Delivery.objects.filter(pk=delivery.pk).update(state=State.HELD)  # as after a restore
    assert act(desk, delivery, "record", day=NOW).status_code == 409


@pytest.mark.parametrize("step", [Step.VOID, Step.CANCELLED])
def test_what_was_called_off_is_brought_no_other_way(letter, desk, step):
    release = Release.objects.create(
        letter=letter, version=letter.current, dossier=freezing.freeze(letter), step=step,
        proposed_by=cast.esra(letter, name="Dunya"),
    )  # fmt: skip
    delivery = preparing.record(release.dossier, letter.current.recipients.all(), release=release)[0]
    Delivery.objects.filter(pk=delivery.pk).update(state=State.DEAD)
    assert act(desk, delivery, "another-way", channel="hand").status_code == 409
    assert act(desk, delivery, "again").status_code == 409
    Delivery.objects.filter(pk=delivery.pk).update(state=State.HELD, channel="hand")
    assert act(desk, delivery, "record", day=NOW).status_code == 409
    assert not Delivery.objects.sent().exists()


def test_nothing_goes_again_unless_somebody_says_so(letter, desk, postbox):
    delivery = uncertain(letter, postbox)
    assert act(desk, delivery, "settle", why="Nobody knows.").status_code == 400
    assert Delivery.objects.get(pk=delivery.pk).state == State.UNCERTAIN


def uncertain(letter, postbox, delivery=None) -> Delivery:
    delivery = delivery or preparing.prepare(letter)[0]
    postbox.answers["DATA"] = ["421 4.3.0 going down"]
    assert not sending.send(delivery)
    delivery.refresh_from_db()
    assert delivery.state == State.UNCERTAIN
    return delivery


def test_one_that_was_given_up_is_tried_again_or_brought(letter, desk, postbox):
    delivery = preparing.prepare(letter)[0]
    postbox.answers["RCPT"] = ["550 5.1.1 no such office"]
    assert not sending.send(delivery)
    assert Delivery.objects.get(pk=delivery.pk).state == State.DEAD
    assert act(desk, delivery, "again").status_code == 302
    assert Delivery.objects.get(pk=delivery.pk).state == State.READY
    assert act(desk, delivery, "another-way", channel="hand").status_code == 302
    row = Delivery.objects.get(pk=delivery.pk)
    assert (row.state, row.channel) == (State.HELD, "hand")
    assert act(desk, delivery, "another-way", channel="email").status_code == 422


def test_the_mail_as_it_left_is_kept_sealed(letter, postbox):
    delivery = preparing.prepare(letter)[0]
    assert sending.send(delivery)
    delivery.refresh_from_db()
    kept = delivery.unseal_mail()
    assert kept and b"application/pdf" in kept and b"application/pdf" not in bytes(delivery.mail)


def test_people_are_told_of_one_that_waits_for_them(letter, desk, postbox, mailoutbox):
    uncertain(letter, postbox)
    assert ["waits for you" in str(mail.body) for mail in mailoutbox] == [True]


def test_one_that_came_back_is_brought_and_that_is_added(letter, desk, postbox):
    delivery = preparing.prepare(letter)[0]
    assert act(desk, delivery, "note", day=NOW, words="Too early.").status_code == 409
    sending.send(delivery)
    Report.objects.create(delivery=delivery, kind="bounced", source="server")
    slip = SimpleUploadedFile("r.png", pictures.saved(pictures.mark()), "image/png")
    facts = {
        "day": NOW,
        "reference": "RR 13",
        "arrived": "on",
        "scan": slip,
        "words": "Brought by hand.",
    }
    assert act(desk, delivery, "note", **facts).status_code == 302
    page = desk.get(f"/desk/letters/clean-rivers/deliveries/{delivery.pk}/").content.decode()
    assert "Brought by hand." in page and "it came back" in page
    report = Report.objects.get(kind="delivered")
    assert report.facts == {"reference": "RR 13"} and report.scan and report.by


def test_what_was_reported_never_changes(letter):
    delivery = by_post(letter)
    report = Report.objects.create(delivery=delivery, kind="bounced", source="server")
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(kind="delivered")


def test_what_is_larger_than_the_server_takes_leaves_as_a_link(letter, postbox, monkeypatch):
    monkeypatch.setattr(emails, "MEGABYTE", 100)
    delivery = preparing.prepare(letter)[0]
    assert sending.send(delivery)
    mail = postbox.mails[0]
    assert list(mail.iter_attachments()) == []
    assert "/d/" in mail.get_body(("plain",)).get_content()
    delivery.refresh_from_db()
    assert delivery.is_link and delivery.evidence["linked"]


def test_each_delivery_has_a_return_path_of_its_own(letter, postbox, settings):
    settings.BOUNCE_ADDRESS = "bounces@undersigned.example"
    delivery = preparing.prepare(letter)[0]
    assert sending.send(delivery)
    delivery.refresh_from_db()
    assert delivery.evidence["from"] == f"bounces+d{delivery.return_tag}@undersigned.example"
    assert postbox.senders == [delivery.evidence["from"]]
