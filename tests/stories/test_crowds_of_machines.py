"""Somebody signs for people that do not exist. The count is soon what it was; people of that hour stay."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from outbox.models import Alert, Message
from signatories.enrolled import enrolling
from signatories.judging import alarming
from signatories.models import Decision, Signature
from tests import cast, entering
from tests.crowds import Somebody, chance, crowd, large_providers, person

__all__ = ["chance", "crowd", "large_providers"]
pytestmark = [pytest.mark.once, pytest.mark.django_db]

PEOPLE = 8


@pytest.fixture(autouse=True)
def letter(db):
    letter = cast.clean_rivers()
    cast.chidi(letter)
    return letter


@pytest.fixture
def people(crowd, chance):
    """Those who sign in the same hour, from the same providers."""
    people = [person(number, chance=chance) for number in range(1000, 1000 + PEOPLE)]
    crowd.signs(people)
    return people


@pytest.fixture
def machines(chance):
    """Makes somebody who does not exist, up to date with how people behave."""

    def make(number: int, **changes) -> Somebody:
        return person(number, chance=chance, **changes)

    return make


def count(letter) -> int:
    return enrolling.tally(letter).signatures


def assert_only_people_count(letter, crowd, people) -> None:
    """The count is that of the people, whose signatures all stand; what is held waits with its reasons."""
    crowd.sweep()
    assert count(letter) == len(people)
    standing = Signature.objects.standing().filter(letter=letter)
    assert {row.email for row in standing} == {somebody.email for somebody in people}
    for held in Signature.objects.filter(held_at__isnull=False):
        assert held.erased_at is None and held.email and held.name
        assert Decision.objects.filter(signature=held, verdict="hold").exclude(reason="").exists()
    assert Alert.objects.open().filter(kind="alarm", about=f"letter {letter.pk}").count() == 1
    assert Message.objects.filter(kind="alarm").count() == 1


def test_one_registered_domain_with_many_addresses(letter, crowd, people, machines):
    crowd.signs(machines(number, domain=f"m{number % 9}.one-domain.example") for number in range(50))
    assert count(letter) > PEOPLE
    assert_only_people_count(letter, crowd, people)


def test_one_network_with_other_names_and_throw_away_domains(letter, crowd, people, machines):
    crowd.signs(
        machines(number, ip="192.0.2.66", domain=f"throw-away{number % 3}.example") for number in range(27)
    )
    assert count(letter) > PEOPLE
    assert_only_people_count(letter, crowd, people)


def test_stored_up_attempts_that_are_confirmed_in_one_burst(letter, crowd, people, machines):
    stored = [machines(number) for number in range(20)]
    links = crowd.gets_links(stored)
    days_ago = timezone.now() - timedelta(hours=70)
    mine = Signature.objects.filter(confirmed_at=None)
    mine.update(created_at=days_ago, network=None)  # by now nobody can tell any more whence they came
    for somebody in stored:
        crowd.confirm(Somebody(**vars(somebody) | {"took": timedelta(hours=60)}), links[somebody.email])
    crowd.later()
    assert count(letter) > PEOPLE
    assert_only_people_count(letter, crowd, people)


def test_a_clean_address_held_with_the_crowd_is_back_with_one_decision(
    letter, crowd, people, machines, client
):
    crowd.signs(machines(number, domain="one-domain.example") for number in range(12))
    crowd.sweep()
    held = Signature.objects.filter(held_at__isnull=False).first()
    entering.enter(client, cast.chidi(letter))
    client.post(f"/desk/letters/clean-rivers/signatures/{held.public_id}/", {"act": "approve"})
    crowd.sweep()
    assert count(letter) == PEOPLE + 1


def test_a_country_in_which_nobody_sleeps(letter, crowd, machines, people):
    day = [
        Somebody(**vars(machines(number)) | {"country": "IN", "waited": timedelta(days=1) * number / 60})
        for number in range(60)
    ]
    crowd.signs(day)
    assert count(letter) == PEOPLE + 60
    crowd.sweep()
    held = Signature.objects.filter(held_at__isnull=False)
    hours = {row.confirmed_at.astimezone(ZoneInfo("Asia/Kolkata")).hour for row in held if row.confirmed_at}
    assert 9 <= held.count() <= 11 and hours == {1, 2, 3, 4}
    assert count(letter) == PEOPLE + 60 - held.count()
    assert {row.email for row in held}.isdisjoint(somebody.email for somebody in people)
    assert Alert.objects.open().get(kind="alarm").reason == alarming.NO_NIGHT
    assert crowd.sweep() == 0
