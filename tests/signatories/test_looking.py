"""A few that passed by themselves are looked at all the same, and the week is told in numbers."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Trail
from outbox.models import Message
from signatories import looking, moderating, signing, tasks
from signatories.enrolled import enrolling
from signatories.judging import reviewing, suspecting
from signatories.models import SecondLook, Signature
from tests import cast, entering

pytestmark = pytest.mark.django_db

WHY = "The mailbox is not theirs."


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def chidi(letter):
    return cast.chidi(letter)


@pytest.fixture
def desk(client, chidi):
    entering.enter(client, chidi)
    return client


@pytest.fixture
def everyone(monkeypatch):
    """Draw all of them."""
    monkeypatch.setattr(looking, "IN_100", 100)


def yesterday(*rows):
    moment = timezone.now() - timedelta(days=1)
    Signature.objects.filter(pk__in=[row.pk for row in rows]).update(confirmed_at=moment)


@pytest.fixture
def bela(letter, everyone):
    """Bela passed yesterday, and was drawn."""
    row = cast.bela(letter)
    yesterday(row)
    looking.draw()
    return cast.fresh(row)


def page(letter):
    return f"/desk/letters/{letter.slug}/second-look/"


def look(browser, row, act, **more):
    return browser.post(f"{page(row.letter)}{row.public_id}/", {"act": act} | more, follow=True)


def words(response):
    return " ".join(response.content.decode().replace("&#x27;", "'").split())


class TestDrawing:
    def test_about_five_in_a_hundred_and_the_same_ones_however_often(self):
        day = timezone.now().date()
        drawn = [looking.is_drawn(f"public{number}", day) for number in range(4000)]
        assert 120 < sum(drawn) < 280
        assert drawn == [looking.is_drawn(f"public{number}", day) for number in range(4000)]

    def test_which_ones_hangs_on_the_day_and_on_a_key(self, settings):
        def drawn(day):
            return [looking.is_drawn(f"public{number}", day) for number in range(1000)]

        day = timezone.now().date()
        before = drawn(day)
        assert drawn(day - timedelta(days=1)) != before
        settings.INDEX_KEY = b"another key of thirty-two bytes."
        assert drawn(day) != before

    def test_of_yesterday_what_passed_by_itself_once(self, letter, chidi, everyone):
        passed, today, held = (
            cast.bela(letter, email=f"p{number}@people.example", name=name)
            for number, name in enumerate(["Uche Okafor", "Ngozi Bello", "Emeka Obi"])
        )
        suspecting.hold([held], reason=WHY)
        moderating.approve(held, by=chidi)
        yesterday(passed, held, cast.union(letter))
        assert (looking.draw(), looking.draw()) == (1, 0)
        assert SecondLook.objects.get().signature == passed
        assert not hasattr(cast.fresh(today), "second_look")


class TestLooking:
    def test_found_fine_nothing_changes_but_that_it_is_counted(self, letter, chidi, bela, desk):
        assert "Bela Horvát" in words(desk.get(page(letter)))
        assert "Noted." in words(look(desk, bela, "fine"))
        assert cast.fresh(bela).is_standing()
        assert looking.of_week(letter) == (1, 0)
        assert Trail.objects.get(what="second look: fine").who == chidi
        assert "Nothing waits for a second look" in words(desk.get(page(letter)))

    def test_taken_into_the_queue_it_counts_no_more_until_it_is_decided(self, letter, chidi, bela, desk):
        look(desk, bela, "queue")
        enrolling.enrol(at_once=True)
        assert cast.fresh(bela).is_waiting() and enrolling.tally(letter).signatures == 0
        assert "Taken into the queue at a second look." in words(
            desk.get(f"/desk/letters/{letter.slug}/queue/")
        )
        moderating.approve(bela, by=chidi)
        assert reviewing.rate(letter) is None, "no machine has held it"
        assert looking.of_week(letter) == (1, 1)

    def test_rejected_it_is_out_and_can_be_reinstated(self, letter, chidi, bela, desk):
        assert look(desk, bela, "reject", ground="other").status_code == 422
        look(desk, bela, "reject", ground="fake")
        assert cast.fresh(bela).rejected_at
        moderating.reinstate(bela, by=chidi, reason="They called.")
        assert cast.fresh(bela).is_standing()
        assert looking.of_week(letter).in_100 == 100

    def test_who_comes_second_changes_nothing(self, bela, desk):
        look(desk, bela, "fine")
        assert "somebody was first" in words(look(desk, bela, "queue"))
        assert cast.fresh(bela).is_standing()

    def test_who_withdraws_meanwhile_is_not_looked_at(self, letter, bela, desk):
        signing.withdraw(bela)
        assert "Bela" not in words(desk.get(page(letter)))
        assert "does not stand any more" in words(look(desk, bela, "reject", ground="fake"))

    def test_erased_nothing_is_left_of_it(self, bela):
        signing.erase(bela)
        assert not SecondLook.objects.exists()

    def test_a_name_that_is_shown_to_nobody_stays_sealed(self, letter, everyone, desk):
        row = cast.confirmed(letter, name="Rosa Luz", visibility="counted", role="Baker")
        yesterday(row)
        looking.draw()
        told = words(desk.get(page(letter)))
        assert "sealed" in told and "Rosa" not in told and "Baker" not in told and cast.ADA not in told

    @pytest.mark.parametrize(
        "changes", [{"outcome": "fine"}, {"outcome": "odd"}, {"at": "2026-01-01T00:00Z"}]
    )
    def test_the_database_knows_who_looked(self, bela, changes):
        with pytest.raises(IntegrityError, match="somebody_takes_a_second_look"), transaction.atomic():
            SecondLook.objects.update(**changes)


class TestTheWeeklyMail:
    def test_it_tells_the_week_once_in_numbers_and_names_nobody(self, letter, chidi, bela, desk, mails):
        look(desk, bela, "reject", ground="fake")
        union = cast.union(letter)
        Signature.objects.filter(pk=union.pk).update(held_at=timezone.now() - timedelta(hours=9))
        mails()
        for _again in range(3):
            tasks.review()
        (mail,) = mails()
        assert mail.to == chidi.email and mail.subject == "What was decided this week"
        for said in (
            "1 rejected",
            "Looked at a second time: 1.",
            "passed: 1 (100 %)",
            "the oldest for 9\xa0hours",
        ):
            assert said in mail.text
        assert "Bela" not in mail.text and "Rivers" not in mail.text

    def test_without_anything_decided_none_leaves(self, letter, chidi, mails):
        cast.union(letter)
        mails()
        tasks.review()
        assert mails() == [] and not Message.objects.filter(kind="review").exists()
