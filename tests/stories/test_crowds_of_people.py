"""Many sign at once, for good reasons. Not one of them waits for a moderator."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from signatories.enrolled import enrolling
from signatories.models import Signature
from tests import cast
from tests.crowds import Somebody, chance, crowd, large_providers, person

__all__ = ["chance", "crowd", "large_providers"]
pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def letter(db):
    return cast.clean_rivers()


def spread(people: list[Somebody], *, over: timedelta) -> list[Somebody]:
    """As if they had confirmed one after the other, the last just now."""
    steps = range(len(people))
    return [
        Somebody(**vars(somebody) | {"waited": over * step / len(people)})
        for step, somebody in zip(steps, people, strict=True)
    ]


def assert_all_count(letter, people, crowd) -> None:
    assert enrolling.tally(letter).signatures == len(people)
    assert crowd.sweep() == 0
    assert enrolling.tally(letter).signatures == len(people)
    assert not Signature.objects.filter(held_at__isnull=False).exists()


def test_a_carriers_phones_behind_one_address(letter, crowd, chance):
    people = [person(number, chance=chance, ip="203.0.113.7") for number in range(60)]
    crowd.signs(spread(people, over=timedelta(minutes=55)))
    assert_all_count(letter, people, crowd)


def test_a_conference_hall_within_a_quarter_of_an_hour(letter, crowd, chance):
    hall = {"chance": chance, "ip": "203.0.113.8"}
    host = [person(number, domain="congress.example", **hall) for number in range(6)]
    delegations = [
        person(number, domain=f"delegation{number % 3}.example", **hall) for number in range(6, 24)
    ]
    guests = [person(number, **hall) for number in range(24, 50)]
    people = chance.sample(host + delegations + guests, 50)
    crowd.signs(spread(people, over=timedelta(minutes=14)))
    assert_all_count(letter, people, crowd)


def test_many_who_share_a_common_name(letter, crowd, chance):
    people = [person(number, chance=chance, name="Mohammad Ahmadi") for number in range(60)]
    crowd.signs(spread(people, over=timedelta(minutes=55)))
    assert_all_count(letter, people, crowd)


# How many of a hundred confirm in each hour of their day, from midnight on
USUAL_DAY = [2, 1, 1, 0, 0, 1, 2, 4, 5, 6, 6, 6, 6, 6, 5, 5, 5, 6, 6, 7, 7, 6, 4, 3]
RAMADAN = [5, 5, 6, 7, 6, 2, 0, 0, 1, 2, 4, 4, 4, 4, 4, 3, 3, 2, 4, 8, 8, 7, 6, 5]


@pytest.mark.parametrize("day", [USUAL_DAY, RAMADAN])
def test_a_country_that_signs_for_a_day_and_sleeps_at_some_hour(letter, crowd, chance, day):
    clock = timezone.now().astimezone(ZoneInfo("Asia/Karachi"))
    hours = chance.choices(range(24), weights=day, k=90)
    # the hour that runs is left out: nobody has confirmed in its coming minutes
    waited = [timedelta(hours=(clock.hour - hour) % 24, minutes=clock.minute / 2) for hour in hours]
    people = [
        Somebody(**vars(person(number, chance=chance)) | {"country": "PK", "waited": ago})
        for number, ago in enumerate(waited)
    ]
    crowd.signs(people)
    assert_all_count(letter, people, crowd)
