from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import Trail, User
from scrutiny import domains, gathering
from scrutiny.models import Gathering
from tests import cast

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def chidi():
    return cast.chidi()


@pytest.fixture
def dora():
    return User.objects.create(email="dora@desk.example", is_staff=True)


@pytest.fixture
def congress(letter, chidi):
    return Gathering.objects.create(
        letter=letter,
        what="Congress in the town hall",
        domain="mail.congress.example",
        begins_at=NOW,
        ends_at=NOW + timedelta(hours=3),
        asked_by=chidi,
    )


def is_on(letter, *, hours: float) -> bool:
    since = NOW + timedelta(hours=hours)
    return gathering.is_on(letter, since=since, until=since + timedelta(minutes=15))


def test_it_is_believed_for_its_letter_and_time_once_somebody_else_approves(letter, congress, dora):
    assert not is_on(letter, hours=1)
    assert gathering.approve(congress, by=dora)
    assert [is_on(letter, hours=hours) for hours in (-0.3, -0.2, 1, 2.9, 3)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert not is_on(cast.quiet_streets(), hours=1)
    assert Trail.objects.get().what == "gathering approved"


def test_a_second_approval_changes_nothing(congress, chidi, dora):
    gathering.approve(congress, by=dora)
    assert not gathering.approve(congress, by=chidi)
    assert Gathering.objects.get().approved_by == dora


def test_nobody_approves_their_own(congress, chidi):
    with pytest.raises(gathering.SamePerson):
        gathering.approve(congress, by=chidi)
    with pytest.raises(IntegrityError):
        Gathering.objects.update(approved_by=chidi)


def test_it_ends_after_it_begins(congress):
    with pytest.raises(IntegrityError):
        Gathering.objects.update(ends_at=NOW)


def test_its_host_is_the_domain_that_somebody_registered(letter, congress, dora):
    span = {"since": NOW, "until": NOW + timedelta(minutes=15)}
    assert gathering.hosts(letter, **span) == set()
    gathering.approve(congress, by=dora)
    assert gathering.hosts(letter, **span) == {domains.index("congress.example")}
    Gathering.objects.update(domain="")
    assert gathering.hosts(letter, **span) == set()
