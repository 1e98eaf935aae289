import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from letters.models import Role
from signatories import claiming, moderating, reporting
from signatories.judging import suspecting
from signatories.models import Claim, Decision
from tests import cast, entering

pytestmark = pytest.mark.django_db

QUEUE = "/desk/letters/clean-rivers/queue/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def chidi(letter):
    return cast.chidi(letter)


def make_dunya(letter):
    dunya = User.objects.create_user("dunya@desk.example", name="Dunya Rahimi")
    Role.objects.create(letter=letter, user=dunya, kind=Role.Kind.MODERATOR)
    return dunya


@pytest.fixture
def dunya(letter):
    return make_dunya(letter)


def at_desk(user):
    browser = Client()
    entering.enter(browser, user)
    return browser


def words(answer):
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


class TestClaiming:
    def test_who_comes_first_has_it_and_the_other_cannot_decide(self, letter, chidi, dunya):
        union = cast.union(letter)
        assert claiming.claim([union.pk], by=chidi) == 1
        assert claiming.claim([union.pk], by=dunya) == 0
        with pytest.raises(claiming.ClaimedByAnother):
            moderating.approve(union, by=dunya)
        with pytest.raises(claiming.ClaimedByAnother):
            moderating.reject(union, by=dunya, reason="No.")
        moderating.approve(union, by=chidi)

    def test_it_ends_by_itself_and_is_forgotten(self, letter, chidi, dunya):
        union = cast.union(letter)
        claiming.claim([union.pk], by=chidi, at=timezone.now() - timedelta(minutes=5))
        assert claiming.claim([union.pk], by=dunya) == 1
        Claim.objects.update(until=timezone.now())
        claiming.forget()
        assert not Claim.objects.exists()

    def test_who_goes_on_keeps_it(self, letter, chidi):
        union = cast.union(letter)
        claiming.claim([union.pk], by=chidi, at=timezone.now() - timedelta(minutes=4))
        claiming.renew(letter, by=chidi)
        assert Claim.objects.get().until > timezone.now() + timedelta(minutes=4)

    def test_a_signature_has_one_claim(self, letter, chidi, dunya):
        union = cast.union(letter)
        claiming.claim([union.pk], by=chidi)
        with pytest.raises(IntegrityError), transaction.atomic():
            Claim.objects.create(signature=union, by=dunya, until=timezone.now())


class TestAtTheDesk:
    def test_the_page_keeps_what_it_shows_and_others_see_who_has_it(self, letter, chidi, dunya):
        union = cast.union(letter)
        hers, his = at_desk(dunya), at_desk(chidi)
        assert union.public_id in words(hers.get(QUEUE))
        assert not Claim.objects.exists(), "looking takes nothing"
        assert hers.post(f"{QUEUE}claim/", {"signature": [union.public_id]}, headers=HTMX).status_code == 204
        page = words(his.get(QUEUE))
        assert union.public_id not in page
        assert "<bdi>Dunya Rahimi</bdi> is looking at 1 of them" in page
        late = his.post(f"{QUEUE}claim/", {"signature": [union.public_id]}, headers=HTMX)
        assert late.headers["HX-Refresh"] == "true"
        place = f"/desk/letters/clean-rivers/signatures/{union.public_id}/"
        answer = his.post(place, {"act": "approve"}, follow=True)
        assert "Nothing was changed: Dunya Rahimi is looking at it" in words(answer)
        assert cast.fresh(union).is_waiting()
        assert "Done." in words(hers.post(place, {"act": "approve"}, follow=True))

    def test_without_a_script_a_button_does(self, letter, chidi):
        union = cast.union(letter)
        answer = at_desk(chidi).post(f"{QUEUE}claim/", {"signature": [union.public_id]}, follow=True)
        assert "Nobody else decides" in words(answer)
        assert Claim.objects.get().by == chidi

    def test_ids_of_other_letters_and_nonsense_claim_nothing(self, letter, chidi):
        other = cast.union(cast.quiet_streets())
        at_desk(chidi).post(f"{QUEUE}claim/", {"signature": [other.public_id, "nonsense", ""]})
        assert not Claim.objects.exists()

    def test_the_queue_takes_twelve_questions_however_many_wait(
        self, letter, chidi, django_assert_max_num_queries
    ):
        browser, rows = at_desk(chidi), []
        cast.union(letter)
        reporting.report(cast.bela(letter).listing, reason="not_me", network="a")
        browser.get(QUEUE)
        for many in (10, 200):
            rows += [
                cast.attempt(letter, email=f"p{number}@people.example") for number in range(len(rows), many)
            ]
            suspecting.hold(rows, reason="Many at once.")
            with django_assert_max_num_queries(12):
                browser.get(QUEUE)


@pytest.mark.django_db(transaction=True)
def test_two_who_claim_the_same_rows_at_once_share_none():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    letter = cast.clean_rivers()
    people = [cast.chidi(letter), make_dunya(letter)]
    rows = [cast.attempt(letter, email=f"p{number}@people.example").pk for number in range(20)]
    claiming.claim(rows[:10], by=people[0], at=timezone.now() - timedelta(minutes=10))
    together, taken = threading.Barrier(2), []

    def claim(user, numbers):
        together.wait()
        try:
            taken.append(claiming.claim(numbers, by=user))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=claim, args=args) for args in zip(people, (rows, rows[::-1]), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 20 and Claim.objects.count() == 20
    assert not Decision.objects.exists()
