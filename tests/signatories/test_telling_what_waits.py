from datetime import timedelta

import pytest
from django.utils import timezone

from signatories import moderating, telling
from signatories.models import Signature
from tests import cast

pytestmark = pytest.mark.django_db

MORNING = timezone.now().replace(hour=7)


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def chidi(letter):
    return cast.chidi(letter)


def told(mails):
    return [mail for mail in mails() if mail.to == "chidi@desk.example"]


def test_who_moderates_is_told_once_a_day_how_many_wait_and_since_when(letter, chidi, mails):
    cast.union(letter)
    other = cast.union(letter, organisation="Old Mill Society", email="mill@old-mill.example")
    Signature.objects.filter(pk=other.pk).update(held_at=timezone.now() - timedelta(hours=9))
    for hour in (7, 8, 23):
        assert telling.tell_what_waits(at=MORNING.replace(hour=hour)) == 1
    (mail,) = told(mails)
    assert mail.subject == "2 wait, the oldest for 9 hours"
    assert "Clean Rivers" not in mail.text and "Mill" not in mail.text and "/desk/" in mail.text
    telling.tell_what_waits(at=MORNING + timedelta(days=1))
    assert len(told(mails)) == 1


def test_nobody_is_told_of_nothing_or_at_night(letter, chidi, mails):
    cast.bela(letter)
    assert telling.tell_what_waits(at=MORNING) == 0
    union = cast.union(letter)
    assert telling.tell_what_waits(at=MORNING.replace(hour=5)) == 0
    telling.tell_what_waits(at=MORNING)
    moderating.approve(union, by=chidi)
    assert told(mails) == []
