"""Somebody of the staff, or who has their session, looks at very many signatures."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.models import Trail
from outbox.models import Alert
from scrutiny.models import Limit
from signatories import budgeting, moderating
from signatories.models import SecondLook, Signature
from tests import cast, entering

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def chidi(letter):
    return cast.chidi(letter)


@pytest.fixture
def look(client, letter):
    page = f"/desk/letters/{letter.slug}/signatures/{cast.bela(letter).public_id}/neighbours/"
    return lambda: client.get(page)


def looked_at(number, by):
    cache.set(budgeting.mark(by), number, budgeting.WINDOW)


def test_t24_the_201st_asks_for_proof_and_others_are_told(client, look, letter, chidi):
    entering.enter(client, chidi, minutes_ago=6)
    looked_at(199, chidi)
    assert look().status_code == 200
    assert not Alert.objects.exists()
    answer = look()
    assert answer.status_code == 302 and "/reauthenticate/" in answer.url
    assert Alert.objects.get().about == f"letter {letter.pk}"
    line = Trail.objects.get(what="looked at many signatures")
    assert (line.who, line.letter, line.detail["most"]) == (chidi, letter.pk, 200)


def test_t24_who_proves_to_be_there_goes_on_and_it_is_told_once(client, look, chidi):
    entering.enter(client, chidi)
    looked_at(200, chidi)
    assert [look().status_code for _ in range(3)] == [200] * 3
    assert Trail.objects.filter(what="looked at many signatures").count() == 1


def test_the_desk_moves_the_limit_and_each_has_an_hour_of_their_own(client, look, letter, chidi):
    Limit.objects.create(name=budgeting.LIMIT, value=1)
    entering.enter(client, chidi, minutes_ago=6)
    assert [look().status_code for _ in range(2)] == [200, 302]
    entering.enter(client, cast.esra(letter), minutes_ago=6)
    assert look().status_code == 200


class TestPagesOfMany:
    @pytest.fixture
    def waiting(self, letter):
        """Rosa and Zoe wait for a moderator."""
        rows = [
            cast.confirmed(letter, name=name, email=f"{name[:4].strip().lower()}@mail.example")
            for name in ("Rosa Tellez", "Zoe Okoye")
        ]
        Signature.objects.filter(pk__in=[row.pk for row in rows]).update(held_at=timezone.now())
        return rows

    @pytest.fixture
    def queue(self, client, letter):
        return lambda: client.get(f"/desk/letters/{letter.slug}/queue/")

    def test_t24_each_row_of_the_queue_counts_once(self, client, queue, waiting, chidi):
        entering.enter(client, chidi, minutes_ago=6)
        looked_at(198, chidi)
        assert [queue().status_code for _ in range(3)] == [200] * 3
        assert cache.get(budgeting.mark(chidi)) == 200
        assert not Alert.objects.exists()

    def test_t24_above_the_budget_no_row_is_shown_before_one_proves_to_be_there(
        self, client, queue, waiting, chidi
    ):
        entering.enter(client, chidi, minutes_ago=6)
        looked_at(199, chidi)
        for _ in range(2):
            answer = queue()
            assert answer.status_code == 302 and "/reauthenticate/" in answer.url
        assert Trail.objects.filter(what="looked at many signatures").count() == 1
        entering.enter(client, chidi)
        assert "Rosa Tellez" in queue().content.decode()

    def test_t24_second_looks_count_too(self, client, letter, chidi):
        row = cast.bela(letter)
        SecondLook.objects.create(signature=row, day=timezone.now().date())
        entering.enter(client, chidi, minutes_ago=6)
        looked_at(200, chidi)
        answer = client.get(f"/desk/letters/{letter.slug}/second-look/")
        assert answer.status_code == 302 and "/reauthenticate/" in answer.url

    def test_t24_what_one_finds_by_searching_counts_too(self, client, waiting, chidi):
        entering.enter(client, chidi, minutes_ago=6)
        looked_at(200, chidi)
        answer = client.post("/desk/search/", {"words": "rosa@mail.example"})
        assert answer.status_code == 302 and "/reauthenticate/" in answer.url

    def test_t24_who_decides_on_what_they_see_is_not_held_up(self, client, queue, waiting, chidi):
        entering.enter(client, chidi, minutes_ago=6)
        looked_at(200, chidi)
        assert queue().status_code == 302
        moderating.reject(waiting[0], by=chidi, reason="a test")
        answer = queue()
        assert answer.status_code == 200 and "Zoe Okoye" in answer.content.decode()
