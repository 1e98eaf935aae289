"""Moving the end of a published letter, at the desk."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Trail, User
from letters import closing
from letters.models import Closing, Letter, Role
from tests import cast, entering

pytestmark = pytest.mark.django_db

PAGE = "/desk/letters/clean-rivers/closing/"
WHY = "The coalition agreed on it."


def words(answer):
    return answer.content.decode()


def fresh(letter):
    return Letter.objects.get(pk=letter.pk)


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def esra(letter):
    user = User.objects.create_user("esra@desk.example", name="Esra")
    Role.objects.create(letter=letter, user=user, kind=Role.Kind.OWNER)
    client = Client()
    client.user = user
    entering.enter(client, user)
    return client


def post(client, *, act="move", closes_at="", reason=WHY):
    return client.post(f"{PAGE}move/", {"act": act, "closes_at": closes_at, "reason": reason})


def local(moment):
    return moment.strftime("%Y-%m-%dT%H:%M")


def test_it_is_closed_at_once_and_opened_again(letter, esra):
    assert post(esra, act="now").url == PAGE
    assert fresh(letter).is_closed() and not fresh(letter).is_open()
    page = words(Client().get("/letters/clean-rivers/"))
    assert "was closed on" in page and 'id="sign"' not in page
    assert post(esra, act="now").status_code == 302  # twice is the same
    assert Closing.objects.count() == 1
    assert post(esra, closes_at="").status_code == 302
    assert fresh(letter).is_open() and fresh(letter).closes_at is None
    assert WHY in words(esra.get(PAGE))
    assert [line.what for line in Trail.objects.all()] == ["closing day moved"] * 2


def test_another_day_is_set(letter, esra):
    day = (timezone.now() + timedelta(days=9)).replace(second=0, microsecond=0)
    post(esra, closes_at=local(day))
    assert fresh(letter).closes_at == day and fresh(letter).is_open()


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"closes_at": local(timezone.now() - timedelta(days=1))}, "This moment is over"),
        ({"closes_at": "tomorrow"}, "Enter a valid date/time"),
        ({"reason": ""}, "This field is required"),
        ({"reason": "x" * 2001}, "at most 2000"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_moves(letter, esra, changes, sentence):
    answer = post(esra, **changes)
    assert answer.status_code == 422 and sentence in words(answer)
    assert 'id="error_1_id_' in words(answer)
    assert fresh(letter).closes_at is None and not Closing.objects.exists()


@pytest.mark.parametrize("act", ["move", "now"])
def test_nothing_closes_before_it_opens(letter, esra, act):
    opens = timezone.now() + timedelta(days=5)
    Letter.objects.filter(pk=letter.pk).update(opens_at=opens)
    answer = post(esra, act=act, closes_at=local(opens - timedelta(days=1)))
    assert answer.status_code == 422 and "closes after it opens" in words(answer)
    assert fresh(letter).closes_at is None


def test_what_was_closed_for_a_month_stays_closed(letter, esra):
    moment = timezone.now() - closing.REOPENED_WITHIN
    Letter.objects.filter(pk=letter.pk).update(opens_at=moment - timedelta(days=9), closes_at=moment)
    answer = post(esra, closes_at="")
    assert answer.status_code == 422 and "stays closed" in words(answer)
    assert fresh(letter).closes_at == moment


def test_a_draft_has_nothing_to_close():
    draft = cast.night_trains()
    user, client = User.objects.create_user("dunya@desk.example", name="Dunya"), Client()
    Role.objects.create(letter=draft, user=user, kind=Role.Kind.OWNER)
    entering.enter(client, user)
    for answer in (
        client.get("/desk/letters/night-trains/closing/"),
        client.post("/desk/letters/night-trains/closing/move/", {"act": "now", "reason": WHY}),
    ):
        assert answer.status_code == 404
    with pytest.raises(closing.NotPublished):
        closing.close_at_once(draft, reason=WHY, by=user)


def test_who_has_been_away_proves_first_to_be_there(letter, esra):
    long_ago = Client()
    entering.enter(long_ago, esra.user, minutes_ago=6)
    assert "/accounts/reauthenticate/" in post(long_ago, act="now").url
    assert fresh(letter).closes_at is None


def test_the_database_takes_no_move_without_a_reason(letter, esra):
    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.create(letter=letter, by=esra.user, reason="")
