"""No office is forgotten and none served twice, whatever is called off, taken down or proposed meanwhile."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Trail
from deliveries import ending, preparing, releasing, sending, tasks
from deliveries.models import Delivery, Release, Step
from deliveries.papers import rendering
from letters import taking_down
from letters.models import Letter, Role
from outbox.models import State
from scrutiny import resolving
from signatories.enrolled import enrolling
from tests import cast
from tests.deliveries.test_releasing import approve, offices, place, proposed, send_all, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(letter):
    """Of who proposes."""
    return signed_in(cast.esra(letter, Role.Kind.DELIVERER, name="Dunya"))


@pytest.fixture
def other(letter):
    """Of who approves."""
    return signed_in(cast.esra(letter))


def propose(letter, desk):
    return desk.post(
        place(letter, "new/"), {"recipients": [one.pk for one in offices(letter)], "when": "now"}, follow=True
    )


def states(letter) -> set[str]:
    return set(Delivery.objects.of(letter).values_list("state", flat=True))


def take_down(letter):
    taking_down.take_down(letter, reason="Not ours.", by=cast.esra(letter, name="Fatima"))


def test_what_was_given_up_and_called_off_is_served_by_the_next(letter, desk, other, postbox):
    approve(letter, proposed(letter, desk), other)
    Delivery.objects.update(state=State.DEAD, last_reply="550 no such user")
    first = letter.releases.get()
    assert other.post(place(letter, f"releases/{first.pk}/cancel/")).status_code == 302
    assert states(letter) == {State.VOID}
    assert "Proposed." in propose(letter, desk).content.decode()
    second = letter.releases.first()
    releasing.freeze(second)
    second.refresh_from_db()
    approve(letter, second, other)
    assert send_all(letter).count(True) == 2 and len(postbox.recipients) == 2


def test_what_is_proposed_is_not_proposed_again(letter, desk, other):
    propose(letter, desk)
    page = propose(letter, other)
    assert page.status_code == 422 and Release.objects.count() == 1


def test_of_two_proposals_at_once_one_is_told_so(letter, desk, other, monkeypatch):
    def and_meanwhile(*args, **kwargs):
        monkeypatch.undo()
        propose(letter, other)
        return releasing.propose(*args, **kwargs)

    monkeypatch.setattr(releasing, "propose", and_meanwhile)
    page = propose(letter, desk).content.decode()
    assert "Nothing was proposed" in page and Release.objects.count() == 1


def test_what_the_operator_has_delivered_meanwhile_is_not_approved(letter, desk, other):
    release = proposed(letter, desk)
    preparing.prepare(letter)
    assert approve(letter, release, other).status_code == 409
    release.refresh_from_db()
    assert (release.step, release.reason) == (Step.VOID, ending.SERVED)
    assert Delivery.objects.count() == 2


def test_nothing_leaves_of_a_letter_taken_down_while_its_paper_is_set(letter, postbox, monkeypatch):
    delivery = preparing.prepare(letter)[0]
    as_ever = rendering.volumes

    def and_meanwhile(*args, **kwargs):
        monkeypatch.undo()
        take_down(letter)
        return as_ever(*args, **kwargs)

    monkeypatch.setattr(rendering, "volumes", and_meanwhile)
    assert not sending.send(delivery) and postbox.recipients == []
    delivery.refresh_from_db()
    assert delivery.state == State.VOID


def test_the_clock_ends_what_waits_of_a_letter_that_was_taken_down(letter, desk, other):
    approve(letter, proposed(letter, desk), other)
    take_down(letter)
    tasks.sweep()
    assert letter.releases.get().step == Step.VOID and states(letter) == {State.VOID}
    before = Trail.objects.count()
    tasks.sweep()
    assert Trail.objects.count() == before, "and once"


def test_the_clock_ends_the_operators_own_too(letter):
    preparing.prepare(letter)
    take_down(letter)
    tasks.sweep()
    assert states(letter) == {State.VOID}


def test_what_left_of_a_letter_taken_down_stays_as_it_was(letter, desk, other, postbox):
    approve(letter, proposed(letter, desk), other)
    send_all(letter)
    take_down(letter)
    tasks.sweep()
    assert letter.releases.get().step == Step.APPROVED and states(letter) == {State.SENT}


def test_a_number_that_can_be_reached_no_more_is_waited_for_no_more(letter, desk, mails):
    propose_at = {"recipients": [one.pk for one in offices(letter)], "when": "number", "at_signatures": 500}
    assert desk.post(place(letter, "new/"), propose_at).status_code == 302
    releasing.count()
    assert letter.releases.get().step == Step.COUNTING
    Letter.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    releasing.count()
    release = letter.releases.get()
    assert release.step == Step.FAILED
    page = desk.get(place(letter, f"releases/{release.pk}/")).content.decode()
    assert "can be reached no more" in page
    assert "Proposed." in propose(letter, desk).content.decode()


def test_evidence_that_fell_takes_the_badge_and_keeps_nothing_from_leaving(letter, desk, monkeypatch):
    union = cast.known_union(letter)
    enrolling.enrol(at_once=True)
    union.evidence.update(at=timezone.now() - timedelta(days=2))
    monkeypatch.setattr(resolving, "takes_mail", lambda domain: False)
    release = proposed(letter, desk)
    assert (release.step, release.fallen) == (Step.PROPOSED, 1)
    page = desk.get(place(letter, f"releases/{release.pk}/")).content.decode()
    assert "stands in it without a badge" in page
    assert [one[10] for one in release.dossier.unseal() if one[4] == union.name] == [False]
