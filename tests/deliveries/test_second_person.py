"""Under a letter at risk nobody is a second person from one minute to the next."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from deliveries import releasing
from deliveries.models import Delivery, Step
from letters.models import Letter, Role
from tests import cast
from tests.deliveries.test_releasing import approve, named, paper_of, proposed, signed_in

pytestmark = pytest.mark.django_db
PUPPET = "puppet@desk.example"


@pytest.fixture
def owner(letter):
    """Of an owner, whom somebody forces."""
    return signed_in(cast.esra(letter, name="Esra"))


@pytest.fixture
def puppet(letter, owner):
    """Of somebody to whom that owner has just given a role, at the desk."""
    given = {"email": PUPPET, "name": "Pia", "kind": Role.Kind.DELIVERER, "act": "give"}
    answer = owner.post(f"/desk/letters/{letter.slug}/people/", given)
    assert answer.status_code == 302, answer.content.decode()
    user = User.objects.get(email=PUPPET)
    User.objects.filter(pk=user.pk).update(is_active=True)
    return signed_in(User.objects.get(pk=user.pk))


@pytest.fixture
def at_risk(letter):
    Letter.objects.filter(pk=letter.pk).update(risk=Letter.Risk.AT_RISK)
    letter.refresh_from_db()


def test_t27_one_owner_is_not_two_people(letter, at_risk, owner, puppet):
    release = proposed(letter, puppet)
    assert "Rosa Villacorta" not in named(paper_of(letter, release, owner).content)
    answer = approve(letter, release, owner)
    assert answer.status_code == 409 and "less than three days" in answer.content.decode()
    release.refresh_from_db()
    assert release.step == Step.PROPOSED and not Delivery.objects.exists()


def test_t27_nor_is_the_other_way_round(letter, at_risk, owner, puppet):
    release = proposed(letter, owner)
    assert approve(letter, release, puppet).status_code == 409 and not Delivery.objects.exists()


def test_three_days_later_they_are_two(letter, at_risk, owner, puppet):
    release = proposed(letter, puppet)
    Role.objects.filter(given_at__isnull=False).update(given_at=timezone.now() - timedelta(days=3, minutes=1))
    assert "Rosa Villacorta" in named(paper_of(letter, release, owner).content)
    assert approve(letter, release, owner).status_code == 302 and Delivery.objects.count() == 2


def test_under_another_letter_a_colleague_helps_at_once(letter, owner, puppet):
    assert releasing.are_two(proposed(letter, puppet), User.objects.get(name="Esra"))
