"""Where nobody can tell whether a mail left, who knows says so, and the record says that a person did."""

import shutil
import subprocess
from datetime import timedelta

import pytest
from django.utils import timezone

from deliveries import preparing, retaining, sending
from deliveries.models import Delivery
from deliveries.proofs import certifying
from outbox.models import State
from tests import cast, entering
from tests.deliveries.test_recording import act, uncertain
from tests.deliveries.test_sending import due_now, in_clear

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(letter, client):
    entering.enter(client, cast.esra(letter))
    return client


def test_who_knows_says_that_an_uncertain_one_arrived(letter, desk, postbox):
    delivery = uncertain(letter, postbox)
    page = desk.get(f"/desk/letters/clean-rivers/deliveries/{delivery.pk}/").content.decode()
    assert "Did it arrive?" in page
    assert act(desk, delivery, "settle", act="arrived", why="").status_code == 422
    assert act(desk, delivery, "settle", act="arrived", why="The office says so.").status_code == 302
    delivery.refresh_from_db()
    assert delivery.state == State.SENT and delivery.file_hash and delivery.unseal_mail()
    assert delivery.evidence["settled_why"] == "The office says so."


def test_who_knows_lets_an_uncertain_one_go_again_under_its_message_id(letter, desk, postbox):
    delivery = uncertain(letter, postbox)
    before = delivery.message_id
    assert act(desk, delivery, "settle", act="again", why="Their log shows nothing.").status_code == 302
    due_now(delivery)
    assert sending.send(delivery)
    delivery.refresh_from_db()
    assert delivery.message_id == before


def test_what_arrived_by_a_persons_word_left_when_it_was_last_handed_over(letter, desk, postbox):
    delivery = preparing.prepare(letter)[0]
    first = timezone.now() - timedelta(days=4)
    Delivery.objects.filter(pk=delivery.pk).update(tried_at=first, attempts=9)
    uncertain(letter, postbox, delivery)
    begun = timezone.now()
    assert act(desk, delivery, "settle", act="arrived", why="Their log shows it.").status_code == 302
    delivery.refresh_from_db()
    assert delivery.tried_at == first and abs(delivery.sent_at - begun) < timedelta(minutes=1)
    assert (
        retaining.ends_at(letter) is None and retaining.destroyable(first + timedelta(days=31)).count() == 0
    )


@pytest.mark.parametrize("prefix", ["", "/ur", "/prs", "/ps"])
def test_page_and_feed_say_that_a_person_recorded_it_as_sent(letter, desk, postbox, prefix):
    delivery = uncertain(letter, postbox)
    act(desk, delivery, "settle", act="arrived", why="Their log shows it.")
    for path in ("", "feed/"):
        told = desk.get(f"{prefix}/letters/clean-rivers/{path}").content.decode()
        if prefix:
            assert "lost" not in told and "Sent to" not in told and "Recorded" not in told
        else:
            assert "Recorded by the hosts as sent to" in told
            assert "since the answer of its mail server was lost" in told
        assert "Their log shows it" not in told


def read_out(paper: bytes) -> str:
    """The words of a PDF, in their order."""
    if not shutil.which("pdftotext"):
        pytest.skip("Poppler is not installed (apt-get install poppler-utils)")
    said = subprocess.run(["pdftotext", "-", "-"], input=paper, capture_output=True, check=True).stdout
    return " ".join(said.decode().split())


def test_the_certificate_says_that_a_person_decided(letter, desk, postbox):
    delivery = uncertain(letter, postbox)
    act(desk, delivery, "settle", act="arrived", why="Their log shows it.")
    row = Delivery.objects.select_related("dossier__version__letter", "recipient").get(pk=delivery.pk)
    told = certifying.statement(row, at=row.sent_at)
    assert told["reply"] == "" and told["server"] == ""
    assert told["settled"]["why"] == "Their log shows it." and told["settled"]["at"] >= told["sent_at"]
    paper = certifying.certify(row)
    inside = in_clear(paper)
    assert b"Their log shows it." in inside and b"421 4.3.0" not in inside
    assert cast.esra(letter).email.encode() not in inside
    said = read_out(paper)
    assert "a person’s word: Their log shows it." in said and "The server’s answer" not in said
    page = desk.get(f"/desk/letters/clean-rivers/deliveries/{row.pk}/").content.decode()
    assert "By a person’s word, for no server has confirmed it" in page
