"""What somebody brings is the paper that the desk gave out, with its count and its hash."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Trail
from answers import offering
from deliveries import preparing, recording, timeline
from deliveries.dossiers import editions
from deliveries.models import Delivery, Dossier
from deliveries.papers import stamping
from deliveries.proofs import certifying, verifying
from letters.models import Recipient
from outbox.models import State
from signatories import signing
from tests import cast, entering
from tests.deliveries.test_recording import NOW, act, handed_out
from tests.deliveries.test_releasing import named
from tests.deliveries.test_settling import read_out

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["post", "hand", "portal"])
def delivery(letter, request) -> Delivery:
    Recipient.objects.update(channel=request.param, address="", postal="1 Quay Street\nLowmere")
    return preparing.prepare(letter)[0]


@pytest.fixture
def by_post(letter) -> Delivery:
    Recipient.objects.update(channel="post", address="", postal="1 Quay Street\nLowmere")
    return preparing.prepare(letter)[0]


@pytest.fixture
def desk(letter, client):
    entering.enter(client, cast.esra(letter))
    return client


def withdraw(letter, name="Bela Horvát"):
    signing.withdraw(letter.signatures.get(listing__name=name))


def fresh(row) -> Delivery:
    return Delivery.objects.select_related("dossier__version__letter", "recipient").get(pk=row.pk)


def test_what_was_given_out_counts_whoever_withdraws_before_it_is_recorded(letter, desk, by_post):
    paper = handed_out(desk, by_post)
    assert named(paper) == {"Bela Horvát", "Rosa Villacorta"}
    withdraw(letter)
    assert act(desk, by_post, "record", day=NOW).status_code == 302
    row = fresh(by_post)
    assert row.signatures == 3 and row.evidence["named"] == 2
    assert row.file_hash == editions.sha256(paper)
    assert row.list_hash == editions.sha256(stamping.check(paper).attached)
    assert offering.offer(row).withdrawn == 1
    event = next(one for one in timeline.events(letter, at=timezone.now()) if one.what == "sent")
    assert "with 3 signatures" in event.sentence()
    assert certifying.statement(row, at=timezone.now())["hashes"]["list"] == row.list_hash


def test_nothing_is_recorded_that_was_not_given_out(letter, desk, delivery):
    page = desk.get(f"/desk/letters/clean-rivers/deliveries/{delivery.pk}/").content.decode()
    assert "The paper to bring" in page and "Record it" not in page
    answer = act(desk, delivery, "record", day=NOW, reference="RR 12")
    assert answer.status_code == 409 and "Print the paper first" in answer.content.decode()
    with pytest.raises(recording.NotHandedOut):
        recording.record(delivery, by=cast.esra(letter), at=timezone.now())
    with pytest.raises(IntegrityError, match="not given out"), transaction.atomic():
        changes = {"state": State.SENT, "sent_at": timezone.now(), "signatures": 3, "evidence": {"by": 1}}
        Delivery.objects.filter(pk=delivery.pk).update(**changes)
    assert fresh(delivery).state == State.HELD


def test_of_a_paper_that_was_given_out_count_and_hashes_are_known(by_post):
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=by_post.pk).update(handed_at=timezone.now())


@pytest.mark.parametrize("what", ["cover", "receipt"])
def test_cover_and_receipt_come_after_the_paper_and_name_its_list(letter, desk, by_post, what):
    answer = act(desk, by_post, what)
    assert answer.status_code == 302
    assert "Print the paper first" in desk.get(answer.url).content.decode()
    list_hash = editions.sha256(stamping.check(handed_out(desk, by_post)).attached)
    withdraw(letter)
    said = read_out(act(desk, by_post, what).content)
    assert list_hash in said and "Signatures 3" in said


def test_given_out_again_the_last_one_before_it_was_brought_counts(letter, desk, by_post):
    first = handed_out(desk, by_post)
    withdraw(letter)
    second = handed_out(desk, by_post)
    row = fresh(by_post)
    assert row.file_hash == editions.sha256(second) and row.signatures == 2
    assert Trail.objects.filter(what="paper handed out", about_id=row.pk).count() == 2
    in_an_hour(row)
    assert act(desk, row, "record", day=NOW).status_code == 302
    row = fresh(row)
    assert row.file_hash == editions.sha256(first) and row.signatures == 3
    assert row.handed_at < timezone.now()


def in_an_hour(row: Delivery) -> None:
    """As if the paper had been given out the last time an hour later: after it was brought."""
    at = row.handings()[-1].at + timedelta(hours=1)
    row.evidence["handed"][-1]["at"] = at.isoformat()
    Delivery.objects.filter(pk=row.pk).update(evidence=row.evidence, handed_at=at)


def test_nothing_was_brought_before_it_was_given_out(letter, desk, by_post):
    handed_out(desk, by_post)
    answer = act(desk, by_post, "record", day=f"{timezone.now() - timedelta(hours=1):%Y-%m-%dT%H:%M}")
    assert answer.status_code == 422 and "its paper was given out" in answer.content.decode()


def test_what_was_given_out_can_be_recorded_after_the_names_are_destroyed(letter, desk, by_post):
    handed_out(desk, by_post)
    Dossier.objects.update(key=None)
    assert act(desk, by_post, "record", day=NOW).status_code == 302
    other = Delivery.objects.exclude(pk=by_post.pk).get()
    answer = desk.post(f"/desk/letters/clean-rivers/deliveries/{other.pk}/paper/", follow=True)
    assert "There is no paper any more" in answer.content.decode()


def test_what_goes_by_mail_is_not_given_out(letter, desk):
    row = preparing.prepare(letter)[0]
    answer = desk.post(f"/desk/letters/clean-rivers/deliveries/{row.pk}/paper/", follow=True)
    assert "There is nothing to bring" in answer.content.decode()
    assert fresh(row).handed_at is None and not Trail.objects.filter(what="paper handed out").exists()


def test_verify_accepts_the_paper_and_the_case_file_of_what_was_brought(letter, desk, by_post):
    assert verifying.verify(handed_out(desk, by_post), keys=verifying.own_keys()).is_known
    act(desk, by_post, "record", day=NOW)
    assert verifying.verify(act(desk, by_post, "case").content, keys=verifying.own_keys()).is_known
