"""What those who deliver a letter are told by mail, and where its link leads them."""

import re

import pytest
from django.test import Client

from answers import receiving
from deliveries import announcing, preparing, releasing
from deliveries.models import Delivery, Release, Report
from letters.models import Role
from tests import cast, entering

pytestmark = [pytest.mark.once, pytest.mark.django_db]

LINK = re.compile(r"http://localhost:8000(/desk/\S+)")


@pytest.fixture
def esra(letter):
    return cast.esra(letter)


@pytest.fixture
def desk(esra) -> Client:
    client = Client()
    entering.enter(client, esra)
    return client


def released(letter, esra) -> Release:
    office = letter.current.recipients.first()
    row = releasing.propose(letter, by=esra, recipients=[office])
    releasing.freeze(row)
    row.refresh_from_db()
    return row


def test_a_proposed_release_says_its_number_and_who_is_asked(letter, esra, desk, mailoutbox):
    cast.esra(letter, Role.Kind.DELIVERER, name="Dunya")
    release = released(letter, esra)
    asked, own = sorted(mailoutbox, key=lambda mail: mail.to)
    assert (asked.to, own.to) == (["dunya@desk.example"], ["esra@desk.example"])
    assert asked.subject == f"Release {release.pk} waits for approval"
    assert "Look at it; then approve it, or call it off." in " ".join(asked.body.split())
    assert own.subject == f"Release {release.pk} is prepared"
    assert "approve it; you need do nothing" in " ".join(own.body.split())
    for mail in mailoutbox:
        assert f"Release {release.pk}" in mail.body and release.manifest_hash in mail.body
        [page] = LINK.findall(mail.body)
        answer = desk.get(page)
        assert answer.url == f"/desk/letters/clean-rivers/deliveries/releases/{release.pk}/"
        assert "clean-rivers" not in mail.body and "Clean Rivers" not in mail.body


def test_who_proposes_alone_is_told_that_nobody_can_approve(letter, esra, mailoutbox):
    cast.esra(letter, Role.Kind.MODERATOR, name="Edo")
    release = released(letter, esra)
    [mail] = mailoutbox
    assert mail.subject == f"Release {release.pk}: nobody can approve it yet"
    assert "Invite somebody at the desk" in " ".join(mail.body.split())


@pytest.mark.parametrize(
    ("step", "subject"),
    [
        (announcing.APPROVED, "Release {} was approved"),
        (announcing.VOID, "Release {} is void"),
        (announcing.FAILED, "Release {} could not be prepared"),
        (announcing.CANCELLED, "Release {} was called off"),
    ],
)
def test_each_step_of_a_release_has_its_subject(letter, esra, mailoutbox, step, subject):
    release = released(letter, esra)
    announcing.tell(release, step)
    assert mailoutbox[-1].subject == subject.format(release.pk)


@pytest.mark.parametrize(
    ("step", "subject", "leads_to"),
    [
        (announcing.TROUBLE, "Delivery {} waits for you", "deliveries/{}/"),
        (announcing.HANDED_OUT, "Delivery {}: its paper was given out", "deliveries/{}/"),
        (announcing.CASE, "Delivery {}: its whole case file was taken", "deliveries/{}/"),
        (announcing.CLOSED, "Delivery {}: its office’s page was closed", "deliveries/{}/"),
        (announcing.OPENED, "Delivery {}: its office was given a new page", "deliveries/{}/"),
        (announcing.WRONG, "Delivery {}: another office is meant", "deliveries/{}/"),
        (announcing.ANSWERED, "Delivery {}: its office has answered", "answers/"),
    ],
)
def test_each_step_of_a_delivery_has_its_subject(letter, desk, mailoutbox, step, subject, leads_to):
    delivery = preparing.prepare(letter)[1]
    announcing.tell_of(delivery, step)
    [mail] = mailoutbox
    assert mail.subject == subject.format(delivery.pk) and f"Delivery {delivery.pk}" in mail.body
    [page] = LINK.findall(mail.body)
    assert desk.get(page).url == f"/desk/letters/clean-rivers/{leads_to.format(delivery.pk)}"
    assert "clean-rivers" not in mail.body


def test_an_office_that_answers_is_told_of_by_that_name(letter, desk, mailoutbox):
    delivery = preparing.prepare(letter)[0]
    receiving.answer(delivery, text="We will act.", name="", role="", language="en")
    assert [mail.subject for mail in mailoutbox] == [f"Delivery {delivery.pk}: its office has answered"]
    assert Report.objects.get().delivery == delivery


def test_the_numbers_lead_nobody_else_anywhere(letter, esra):
    release = released(letter, esra)
    delivery: Delivery = preparing.record(release.dossier, list(release.recipients.all()))[0]
    pages = [f"/desk/releases/{release.pk}/", f"/desk/deliveries/{delivery.pk}/"]
    pages.append(f"{pages[1]}answers/")
    for user, status in (
        (cast.esra(letter, Role.Kind.EXPORTER, name="Edo"), 404),
        (cast.esra(cast.night_trains(), name="Olga"), 404),
        (esra, 302),
    ):
        client = Client()
        entering.enter(client, user)
        assert [client.get(page).status_code for page in pages] == [status] * 3, user
        assert client.get("/desk/releases/4711/").status_code == 404
    assert [Client().get(page).url for page in pages] == [f"/accounts/login/?next={page}" for page in pages]
