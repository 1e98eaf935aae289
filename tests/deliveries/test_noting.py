"""What became of a delivery is noted for no moment before it left."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deliveries import preparing, recording, sending
from deliveries.models import Delivery, Report
from tests import cast, entering
from tests.deliveries.test_recording import NOW, act

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(letter, postbox) -> Delivery:
    row = preparing.prepare(letter)[0]
    assert sending.send(row)
    row.refresh_from_db()
    return row


@pytest.fixture
def desk(letter, client):
    entering.enter(client, cast.esra(letter))
    return client


def test_nothing_is_noted_for_a_moment_before_it_left(letter, desk, delivery):
    day_before = f"{timezone.now() - timedelta(days=1):%Y-%m-%dT%H:%M}"
    answer = act(desk, delivery, "note", day=day_before, words="They rang.")
    assert answer.status_code == 422 and "This moment is before it left." in answer.content.decode()
    assert "They rang." in answer.content.decode(), "what was typed is kept"
    with pytest.raises(recording.NotThatWay):
        recording.note(delivery, by=cast.esra(letter), at=delivery.sent_at - timedelta(minutes=2))
    assert not Report.objects.exists()


def test_within_the_minute_it_left_is_not_before(letter, desk, delivery):
    assert act(desk, delivery, "note", day=NOW, words="They rang.").status_code == 302
    assert Report.objects.get().words == "They rang."
