"""A paper that was given out may be in the post when its release ends: a person says whether it was."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Trail
from deliveries import ending, preparing, recording, releasing
from deliveries.models import Delivery, Release, Step
from letters import taking_down
from letters.models import Letter, Role
from outbox.models import State
from tests import cast
from tests.deliveries.test_recording import NOW, act, handed_out
from tests.deliveries.test_releasing import approve, offices, place, proposed, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(letter):
    """Of who proposes."""
    return signed_in(cast.esra(letter, Role.Kind.DELIVERER, name="Dunya"))


@pytest.fixture
def other(letter):
    """Of who approves."""
    return signed_in(cast.esra(letter))


@pytest.fixture
def deliveries(letter, desk, other) -> list[Delivery]:
    """Two to be brought: the paper of the first is given out."""
    letter.current.recipients.update(channel="post", address="", postal="1 Quay Street")
    approve(letter, proposed(letter, desk), other)
    first, second = Delivery.objects.of(letter)
    handed_out(desk, first)
    return [first, second]


def void(letter, other):
    """Somebody changed where answers go, and it is noticed."""
    Letter.objects.filter(pk=letter.pk).update(contact="somebody@else.example")
    assert not ending.holds(releasing.fresh(letter.releases.get()))


def cancel(letter, other):
    assert other.post(place(letter, f"releases/{letter.releases.get().pk}/cancel/")).status_code == 302


def take_down(letter, other):
    taking_down.take_down(letter, reason="Not ours.", by=cast.esra(letter, name="Fatima"))
    ending.end_what_is_down()


ENDS = pytest.mark.parametrize("end", [void, cancel, take_down])


def states(letter) -> list[str]:
    return list(Delivery.objects.of(letter).values_list("state", flat=True))


@ENDS
def test_what_may_be_in_the_post_is_left_to_a_person(letter, desk, other, deliveries, end):
    end(letter, other)
    assert states(letter) == [State.HELD, State.VOID]
    assert letter.releases.get().step in (Step.VOID, Step.CANCELLED)
    assert [one.pk for one in preparing.free(letter)] in ([offices(letter)[1].pk], [])
    page = act_page(desk, deliveries[0])
    assert "It was called off" in page and "The paper to bring" not in page
    assert "Record it" in page and "It was not brought" in page
    answer = act(desk, deliveries[0], "paper")
    assert answer.status_code == 302, "nobody gets it any more"


def act_page(desk, delivery) -> str:
    return desk.get(f"/desk/letters/clean-rivers/deliveries/{delivery.pk}/").content.decode()


@ENDS
def test_what_was_brought_before_it_was_called_off_is_recorded(letter, desk, other, deliveries, end):
    end(letter, other)
    assert act(desk, deliveries[0], "record", day=NOW, reference="RR 12").status_code == 302
    assert states(letter) == [State.SENT, State.VOID]
    assert offices(letter)[0] not in preparing.free(letter), "no government gets it twice"


def test_what_would_have_been_brought_afterwards_is_not_recorded(letter, desk, other, deliveries):
    cancel(letter, other)
    before = timezone.now() - timedelta(hours=2)
    Release.objects.update(ended_at=before)
    answer = act(desk, deliveries[0], "record", day=NOW, reference="RR 12")
    assert answer.status_code == 422 and "after it was called off" in answer.content.decode()
    with pytest.raises(recording.NotThatWay):
        recording.record(deliveries[0], by=cast.esra(letter), at=timezone.now())
    assert states(letter) == [State.HELD, State.VOID]


@ENDS
def test_what_was_not_brought_ends_and_its_office_can_be_served(letter, desk, other, deliveries, end):
    assert act(desk, deliveries[0], "not-brought").status_code == 409, "while it stands it is brought"
    end(letter, other)
    assert act(desk, deliveries[0], "not-brought").status_code == 302
    assert states(letter) == [State.VOID, State.VOID]
    assert Trail.objects.filter(what="delivery not brought", about_id=deliveries[0].pk).exists()
    if end is not take_down:
        assert [one.pk for one in preparing.free(letter)] == [one.pk for one in offices(letter)]
    assert act(desk, deliveries[0], "not-brought").status_code == 409


def test_the_operators_own_is_left_to_a_person_too(letter, desk, other):
    letter.current.recipients.update(channel="post", address="", postal="1 Quay Street")
    first = preparing.prepare(letter)[0]
    handed_out(desk, first)
    take_down(letter, other)
    assert states(letter) == [State.HELD, State.VOID]
    assert act(desk, first, "not-brought").status_code == 302
    assert states(letter) == [State.VOID, State.VOID]


def test_what_was_given_out_can_be_called_off(letter, desk, other, deliveries):
    handed_out(desk, deliveries[1])
    cancel(letter, other)
    assert states(letter) == [State.HELD, State.HELD]
    assert letter.releases.get().step == Step.CANCELLED
    listed = desk.get(place(letter)).content.decode()
    assert listed.count("called off after its paper was given out") == 2
