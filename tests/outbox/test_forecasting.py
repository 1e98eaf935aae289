from datetime import timedelta

import pytest

from outbox import clock, forecasting
from outbox.models import Lane, Message
from tests import cast

pytestmark = pytest.mark.django_db

CHECK = "/letters/clean-rivers/check-your-email/"


def wait(count, *, lane=Lane.FAST, overdue=timedelta(0)):
    Message.objects.bulk_create(
        Message(kind="note", subject=n, lane=lane, next_at=clock.now() - overdue) for n in range(count)
    )


def test_usually_it_takes_minutes(client):
    cast.clean_rivers()
    forecasting.forecast(clock.now())
    assert forecasting.hours() == 0
    assert "a minute or two" in client.get(CHECK).content.decode()


@pytest.mark.parametrize(
    ("lane", "count", "hours"),
    [
        (Lane.FAST, 100, 0),
        (Lane.FAST, 101, 0),
        (Lane.FAST, 250, 2),
        (Lane.SLOW, 100, 3),
        (Lane.BRAKED, 30, 2),
    ],
)
def test_what_waits_is_counted_by_the_pace_of_its_lane(settings, lane, count, hours):
    settings.MAIL_PER_HOUR = 100
    wait(count, lane=lane)
    forecasting.forecast(clock.now())
    assert forecasting.hours() == hours


def test_it_takes_no_less_than_the_oldest_has_waited(client):
    cast.clean_rivers()
    wait(1, lane=Lane.SLOW, overdue=timedelta(minutes=150))
    forecasting.forecast(clock.now())
    page = client.get(CHECK).content.decode()
    assert "up to 3 hours" in page
    assert "a minute or two" not in page
