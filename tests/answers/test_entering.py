"""An answer that came by e-mail or on paper is entered at the desk, read by another person, and published."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Trail
from answers import entering, forgetting, waiting
from answers.models import Answer
from deliveries import preparing
from deliveries.desk.forms import LARGEST_FILE
from deliveries.models import Delivery, Report
from letters.models import Letter, Role
from letters.taking_down import take_down
from outbox import draining
from tests import cast
from tests import entering as coming_in
from tests.answers.conftest import DESK, shown, words
from tests.logos import pictures

pytestmark = pytest.mark.django_db

NEW = f"{DESK}new/"


def facts(delivery, **more) -> dict:
    given = {"delivery": delivery.pk, "way": "paper", "day": f"{timezone.now():%Y-%m-%d}", "language": "en"}
    return given | {"text": "We will act.", "name": "N. Qadri", "role": "Head"} | more


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("answer.png", pictures.saved(pictures.mark()), "image/png")


@pytest.fixture
def other(letter) -> Client:
    client = Client()
    coming_in.enter(client, cast.esra(letter, Role.Kind.DELIVERER, name="Dunya"))
    return client


@pytest.fixture
def entered(delivery, desk) -> Answer:
    assert desk.post(NEW, facts(delivery, scan=picture())).status_code == 302
    return Answer.objects.get()


def test_it_stops_the_days_and_another_person_publishes_it(entered, desk, other, letter, fresh_cache):
    assert entered.entered_by == cast.esra(letter) and entered.way == "paper" and entered.scan
    assert "Has written. It is being read" in shown(fresh_cache)
    assert "somebody else who delivers this letter publishes it" in words(desk.get(DESK))
    refused = desk.post(f"{DESK}{entered.pk}/publish/")
    assert refused.status_code == 409 and "you have entered it" in words(refused)
    page = words(other.get(DESK))
    assert "It came on paper; entered on" in page and f"{DESK}{entered.pk}/scan.webp" in page
    scan = other.get(f"{DESK}{entered.pk}/scan.webp")
    assert scan["Content-Type"] == "image/webp" and scan.content[8:12] == b"WEBP"
    assert other.post(f"{DESK}{entered.pk}/publish/").status_code == 302
    public = shown(fresh_cache)
    assert "We will act." in public and "It came on paper." in public and "scan" not in public
    assert Trail.objects.filter(what="answer entered", letter=letter.pk).count() == 1


def test_two_answers_of_one_office_are_told_apart_by_who_hears_the_page(entered, delivery, desk):
    desk.post(NEW, facts(delivery, text="We have acted."))
    headings = re.findall(r"<h2 id=\"answer-\d+\">.*?</h2>", words(desk.get(DESK)))
    assert len({re.sub(r"<[^>]*>", "", one) for one in headings}) == 2


def test_the_desk_tells_who_can_publish_it_that_it_waits(entered, desk, letter):
    link = f'href="{DESK}#answer-{entered.pk}"'
    assert link in words(desk.get("/desk/"))
    other = Client()
    coming_in.enter(other, cast.esra(letter, Role.Kind.DELIVERER, name="Dunya"))
    for page in ("/desk/", "/desk/letters/clean-rivers/"):
        assert link not in words(desk.get(page)) and link in words(other.get(page))


def test_who_is_alone_publishes_what_they_entered(entered, desk):
    assert desk.post(f"{DESK}{entered.pk}/publish/").status_code == 302
    assert Answer.objects.published().exists()


def test_the_office_and_those_who_deliver_are_told(entered, postbox, mailoutbox):
    assert [mail.subject for mail in mailoutbox] == [
        f"Delivery {entered.delivery_id}: its office has answered"
    ]
    draining.drain()
    [told] = [mail for mail in postbox.mails if mail["Subject"].startswith("Your answer")]
    text = told.get_body(("plain",)).get_content()
    assert "came from your office on paper" in " ".join(text.split()) and "We will act." in text


def test_one_persons_word_proves_no_delivery_and_the_same_words_are_one(entered, delivery, desk):
    assert desk.post(NEW, facts(delivery)).status_code == 302
    assert Answer.objects.count() == 1 and not Report.objects.exists()


def test_it_stands_from_its_day_on_and_not_before_the_letter_left(delivery, letter):
    given = {"way": "email", "text": "No.", "name": "", "role": "", "language": "", "by": cast.esra(letter)}
    today = delivery.sent_at.date()
    assert entering.enter(delivery, day=today, **given).received_at == delivery.sent_at
    for day in (today - timedelta(days=1), today + timedelta(days=2)):
        with pytest.raises(entering.NotAnswered):
            entering.enter(delivery, day=day, **given | {"text": "Yes."})
    [line] = waiting.replies(letter, at=timezone.now())
    assert line.waits_to_be_read


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"day": "2100-01-01"}, "This day has not come yet"),
        ({"day": "2020-01-01"}, "had not left by this day"),
        ({"text": " "}, "Please write your answer"),
        ({"delivery": ""}, "Choose what it answers"),
        ({"way": "page"}, "not one of the available choices"),
        ({"scan": SimpleUploadedFile("r.png", b"no picture")}, "no picture that can be read"),
        ({"name": "Qad\u200bri"}, "Qad"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(delivery, desk, change, sentence):
    answer = desk.post(NEW, facts(delivery) | change)
    assert answer.status_code == 422 and sentence in words(answer) and "Head" in words(answer)
    assert not Answer.objects.exists()


def test_only_what_has_left_for_this_letter_and_stands_is_answered(letter, desk, postbox):
    held = preparing.prepare(letter)[0]
    assert "has reached no office" in words(desk.get(NEW))
    assert desk.post(NEW, facts(held)).status_code == 422
    elsewhere = preparing.prepare(cast.bread_prices())[0]
    assert desk.post(NEW, facts(elsewhere)).status_code == 422
    assert not Answer.objects.exists()


def test_a_letter_that_was_taken_down_is_answered_no_more(delivery, letter, desk):
    take_down(Letter.objects.get(pk=letter.pk), reason="The ministry acted.", by=cast.esra(letter))
    assert desk.post(NEW, facts(delivery)).status_code == 422 and not Answer.objects.exists()


def test_its_picture_goes_with_its_words(entered, desk):
    desk.post(f"{DESK}{entered.pk}/decline/", {"ground": "withheld", "reason": "It names a child."})
    assert forgetting.forget(at=timezone.now() + timedelta(days=366)) == 1
    row = Answer.objects.get()
    assert row.scan is None and row.way == "paper" and row.entered_by
    assert desk.get(f"{DESK}{entered.pk}/scan.webp").status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"way": "email"},
        {"scan": None},
        {"entered_at": timezone.now()},
        {"received_at": timezone.now()},
    ],
)
def test_what_was_entered_never_changes(entered, change):
    change = {name: timezone.now() if value == "now" else value for name, value in change.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(pk=entered.pk).update(**change)


@pytest.mark.parametrize(
    "change",
    [{"entered_by": None}, {"entered_at": None}, {"way": "page"}, {"received_at": -1}, {"received_at": 1}],
)
def test_nothing_is_entered_by_nobody_before_the_letter_or_ahead(delivery, letter, change):
    now = timezone.now()
    if "received_at" in change:
        change = {"received_at": now + timedelta(days=change["received_at"])}
    given = {"way": "email", "entered_by": cast.esra(letter), "entered_at": now, "received_at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(delivery=delivery, text="No.", digest="d", **given | change)


def test_nothing_is_entered_of_what_has_not_left(letter):
    held: Delivery = preparing.prepare(letter)[0]
    now = timezone.now()
    given = {"way": "email", "entered_by": cast.esra(letter), "entered_at": now, "received_at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(delivery=held, text="No.", digest="d", **given)


def test_nginx_lets_a_scan_through():
    conf = (settings.BASE_DIR / "docs" / "nginx.conf").read_text()
    limits = dict(re.findall(r'location ~ "(\S+)" \{\s+client_max_body_size (\d+)k;', conf))
    mine = [limit for way, limit in limits.items() if re.search(way, f"/ur{NEW}")]
    assert len(mine) == 1 and int(mine[0]) * 1024 > LARGEST_FILE
