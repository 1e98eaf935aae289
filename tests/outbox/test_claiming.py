from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from outbox import claiming, clock, draining, posting
from outbox.building import Mail, Slower
from outbox.models import Lane, Message, State

pytestmark = pytest.mark.django_db


@pytest.fixture
def odd_ones_wait(builders):
    """Messages whose number is odd go into the slow lane when they are built, and all leave in the end."""

    @builders.message("note")
    def note(message):
        if message.subject % 2 and message.lane == Lane.FAST:
            return Slower(Lane.SLOW)
        return Mail(to=f"person{message.subject}@mail.example", subject="A note", text="Hello.\n")


def wait(lane, *, count, first=1, overdue=timedelta(0)):
    """So many messages wait in a lane and could have left some time ago."""
    at = clock.now() - overdue
    Message.objects.bulk_create(
        Message(kind="note", subject=number, lane=lane, next_at=at) for number in range(first, first + count)
    )


def claimed():
    return [message.lane for message in claiming.claim()]


def have_left(lane, count):
    """So many of a lane have left within the hour."""
    Message.objects.bulk_create(
        Message(
            kind="note",
            subject=0,
            lane=lane,
            state=State.SENT,
            sent_at=clock.now(),
            message_id=f"<{lane}{n}@x>",
        )
        for n in range(count)
    )


def test_a_builder_may_put_its_message_into_the_slow_lane(postbox, odd_ones_wait):
    for number in range(1, 7):
        posting.post("note", subject=number)
    assert draining.drain() == 6
    assert postbox.recipients == [f"person{number}@mail.example" for number in (2, 4, 6, 1, 3, 5)]
    slow = Message.objects.in_lane(Lane.SLOW)
    assert set(slow.values_list("state", "attempts")) == {(State.SENT, 1)}
    assert slow.count() == 3


def test_the_slow_lane_leaves_at_once_while_the_first_is_empty(postbox, odd_ones_wait):
    posting.post("note", subject=1)
    assert draining.drain() == 1


def test_the_first_lane_goes_first_and_the_slow_one_fills_the_batch():
    wait(Lane.SLOW, count=40, overdue=timedelta(minutes=9))
    wait(Lane.FAST, count=claiming.BATCH - 10)
    assert claimed() == [Lane.FAST] * (claiming.BATCH - 10) + [Lane.SLOW] * 10


def test_nothing_slow_is_claimed_while_the_first_fills_the_batch():
    wait(Lane.SLOW, count=1, overdue=timedelta(minutes=9))
    wait(Lane.FAST, count=claiming.BATCH)
    assert claimed() == [Lane.FAST] * claiming.BATCH


def test_what_has_waited_an_hour_in_the_slow_lane_gets_one_place_in_ten():
    wait(Lane.SLOW, count=claiming.BATCH, overdue=timedelta(minutes=61))
    wait(Lane.FAST, count=claiming.BATCH * 2)
    assert claimed().count(Lane.SLOW) == claiming.BATCH // 10


def test_the_slow_lane_gets_a_quarter_of_the_hour_s_mail_at_most(settings):
    settings.MAIL_PER_HOUR = 40
    wait(Lane.SLOW, count=30)
    assert claimed() == [Lane.SLOW] * 10
    assert claimed() == []
    wait(Lane.FAST, count=50)
    assert claimed() == [Lane.FAST] * 30


def test_what_the_slow_lane_has_sent_within_the_hour_counts(settings):
    settings.MAIL_PER_HOUR = 40
    have_left(Lane.SLOW, 8)
    have_left(Lane.FAST, 20)
    wait(Lane.SLOW, count=30)
    assert claimed() == [Lane.SLOW] * 2


def test_what_is_braked_trickles_at_a_tenth_of_the_pace_however_full_the_first_lane_is(settings):
    settings.MAIL_PER_HOUR = 200
    wait(Lane.BRAKED, count=200)
    wait(Lane.FAST, count=200)
    batches = [claimed() for _ in range(claiming.SENDERS)]
    assert [batch.count(Lane.BRAKED) for batch in batches] == [5, 5, 5]
    Message.objects.in_flight().update(state=State.SENT, sent_at=clock.now(), lease="")
    assert claimed().count(Lane.BRAKED) == 5
    assert claimed() == []


def test_the_lanes_together_never_pass_what_the_relay_allows(settings):
    settings.MAIL_PER_HOUR = 20
    for lane in Lane:
        wait(lane, count=20)
    assert len(claimed()) == 20
    assert claimed() == []


def test_a_small_allowance_still_lets_the_slow_lane_move(settings):
    settings.MAIL_PER_HOUR = 2
    wait(Lane.SLOW, count=2)
    assert claimed() == [Lane.SLOW]


def test_a_builder_that_asks_for_the_lane_it_is_in_does_not_go_on_for_ever(postbox, builders):
    builders.message("note")(lambda message: Slower(Lane.SLOW))
    posting.post("note", subject=1)
    assert draining.drain() == 0
    message = Message.objects.get()
    assert (message.lane, message.faults, message.state) == (Lane.SLOW, 1, State.READY)


def test_the_database_knows_the_lanes():
    with pytest.raises(IntegrityError):
        Message.objects.create(kind="note", subject=1, lane=9)


def test_among_many_that_wait_a_claim_reads_only_what_it_takes():
    for lane in Lane:
        wait(lane, count=2000, overdue=timedelta(hours=2))
    wait(Lane.FAST, count=2000, overdue=timedelta(hours=-2))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE outbox_message")
    for lane in Lane:
        waiting = Message.objects.in_lane(lane)
        for question in (waiting.due(clock.now())[:50], waiting.due(clock.now() - timedelta(hours=1))[:5]):
            plan = question.explain()
            assert "message_due" in plan
            assert "Sort" not in plan and "TEMP B-TREE" not in plan
