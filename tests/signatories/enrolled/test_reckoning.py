import re
from datetime import timedelta

import pytest
from django.db.models.query import QuerySet
from django.utils import timezone

from signatories import confirming, forgetting, moderating, signing
from signatories.enrolled import enrolling, reckoning
from signatories.models import Decision, Reckoning, Signature
from tests import cast

pytestmark = pytest.mark.django_db

WHY = "Nobody of this name works there."


@pytest.fixture
def letter():
    return cast.clean_rivers()


def numbers(letter) -> dict[str, int]:
    figures = reckoning.figures(letter)
    names = (*reckoning.UNCONFIRMED, *reckoning.CONFIRMED, "submitted", "confirmed")
    return {name: getattr(figures, name).number for name in names if getattr(figures, name).number}


def reckoned(letter) -> dict[str, int]:
    reckoning.reckon(letter)
    found = numbers(letter)
    assert found.get("submitted", 0) == sum(
        found.get(name, 0) for name in (*reckoning.UNCONFIRMED, "confirmed")
    )
    assert found.get("confirmed", 0) == sum(found.get(name, 0) for name in reckoning.CONFIRMED)
    assert found.get("counted", 0) == enrolling.tally(letter).signatures
    return found


def crowd(letter, number: int, of: str = "people", **changes) -> list[Signature]:
    """So many have signed and confirmed."""
    return [
        confirming.confirm(cast.attempt(letter, email=f"p{n}@{of}.example", **changes)) for n in range(number)
    ]


def test_every_attempt_is_in_one_number_whatever_became_of_it(letter):
    chidi = cast.chidi(letter)
    counted, withdrawn, erased, invented, twice, kept, late = crowd(letter, 7)
    enrolling.enrol()
    cast.union(letter)
    cast.ada(letter)
    confirming.delete(cast.attempt(letter, email="deleted@people.example"))
    signing.withdraw(withdrawn)
    signing.erase(erased)
    for signature, ground in ((invented, "fake"), (twice, "duplicate")):
        Signature.objects.filter(pk=signature.pk).update(held_at=timezone.now(), unsettled_at=timezone.now())
        moderating.reject(signature, by=chidi, reason=WHY, ground=ground)
    early = cast.attempt(letter, email="machine@people.example")
    Signature.objects.filter(pk=early.pk).update(rejected_at=timezone.now())
    enrolling.enrol()
    assert reckoned(letter) == {
        "submitted": 11, "pending": 2, "refused": 1, "confirmed": 8,
        "counted": 3, "held": 1, "removed": 2, "withdrawn": 2,
    }  # fmt: skip
    grounds = {ground: figure.number for ground, figure in reckoning.figures(letter).grounds}
    assert grounds[Decision.Ground.FAKE.label] == grounds[Decision.Ground.DUPLICATE.label] == 1
    assert sum(grounds.values()) == 2
    assert WHY not in str(Reckoning.objects.get().counts)
    assert {counted, kept, late}


def test_between_two_ticks_of_the_clock_it_agrees_with_the_published_count(letter):
    (bela,) = crowd(letter, 1)
    assert reckoned(letter) == {"submitted": 1, "confirmed": 1, "entering": 1}
    enrolling.enrol()
    assert reckoned(letter) == {"submitted": 1, "confirmed": 1, "counted": 1}
    signing.withdraw(bela)
    assert reckoned(letter) == {"submitted": 1, "confirmed": 1, "counted": 1}
    enrolling.enrol()
    assert reckoned(letter) == {"submitted": 1, "confirmed": 1, "withdrawn": 1}


def test_what_was_submitted_never_falls(letter):
    now = timezone.now()
    for name in ("late", "later"):
        cast.attempt(letter, email=f"{name}@people.example")
    cast.bela(letter)
    before = reckoned(letter)
    assert before["pending"] == 2
    forgetting.forget(at=now + timedelta(days=15))
    Signature.objects.filter(confirmed_at=None).update(created_at=now - timedelta(days=15))
    assert reckoned(letter)["lapsed"] == 2
    forgetting.forget(at=now + timedelta(days=31))
    assert Signature.objects.count() == 1, "the rows are gone"
    after = reckoned(letter)
    assert after == {"submitted": 3, "lapsed": 2, "confirmed": 1, "counted": 1}
    forgetting.forget(at=now + timedelta(days=400))
    assert reckoned(letter) == after, "what is erased by time goes on counting"


def test_t01_planted_attempts_never_tell_what_the_owner_of_their_address_did(letter):
    """A stranger who signs with her address many times learns nothing when she confirms, or has before."""
    quiet = cast.quiet_streets()
    for under, told in ((letter, (13, 12)), (quiet, (10, 10))):
        own = cast.attempt(under, email=cast.BELA)
        for _ in range(12):
            cast.attempt(under, email=cast.BELA, name="Somebody Else")
        reckoning.reckon(under)
        before = reckoning.figures(under)
        confirming.confirm(own)
        reckoning.reckon(under)
        after = reckoning.figures(under)
        assert (before.pending.number, after.pending.number) == told
        assert before.lapsed.number == after.lapsed.number == 0
    Signature.objects.filter(confirmed_at=None).update(created_at=timezone.now() - timedelta(days=15))
    assert reckoned(letter)["lapsed"] == 12


def test_letters_are_counted_apart(letter):
    crowd(letter, 2)
    crowd(cast.quiet_streets(), 3)
    enrolling.enrol()
    assert reckoned(letter)["submitted"] == 2


def test_the_clock_counts_a_letter_every_five_minutes(letter):
    cast.quiet_streets()
    cast.night_trains()
    now = timezone.now()
    assert reckoning.reckon_due(at=now) == 1
    assert reckoning.reckon_due(at=now + timedelta(minutes=4)) == 0
    assert reckoning.reckon_due(at=now + timedelta(minutes=6)) == 1


class TestThePage:
    PAGE = "/letters/clean-rivers/integrity/"

    def test_it_counts_nothing_itself(self, client, letter, monkeypatch, django_assert_max_num_queries):
        crowd(letter, 3)
        reckoning.reckon(letter)
        monkeypatch.setattr(QuerySet, "count", lambda *_: pytest.fail("rows are counted for a reader"))
        with django_assert_max_num_queries(7) as queries:
            page = client.get(self.PAGE)
        assert page.status_code == 200
        assert not [query for query in queries if "signatories_signature" in query["sql"]]
        words = " ".join(page.content.decode().split())
        assert re.search(r"Submitted altogether</th> <td>3", words)
        assert not client.cookies

    def test_it_names_its_moment_and_the_letter_links_it(self, client, letter):
        moment = timezone.now().replace(microsecond=0)
        reckoning.reckon(letter, at=moment)
        assert moment.strftime("%H:%M:%S") in client.get(self.PAGE).content.decode()
        assert self.PAGE in client.get("/letters/clean-rivers/").content.decode()

    def test_before_the_first_count_it_says_so(self, client, letter):
        assert "Nothing was counted yet" in client.get(self.PAGE).content.decode()

    def test_a_draft_has_none(self, client):
        cast.night_trains()
        assert client.get("/letters/night-trains/integrity/").status_code == 404


class TestLettersAtRisk:
    PAGE = "/letters/quiet-streets/integrity/"

    @pytest.fixture
    def letter(self):
        return cast.quiet_streets()

    def test_t33_numbers_change_with_batches_only(self, letter):
        now = timezone.now()
        crowd(letter, 1)
        enrolling.enrol(at=now)
        assert reckoning.figures(letter) is None
        enrolling.enrol(at=now + timedelta(minutes=16))
        first = Reckoning.objects.get()
        assert first.counts == {"counted": 1}
        cast.ada(letter)
        crowd(letter, 1, of="more")
        reckoning.reckon_due(at=now + timedelta(minutes=20))
        enrolling.enrol(at=now + timedelta(minutes=20))
        second = Reckoning.objects.get()
        assert (second.counts, second.as_of) == (first.counts, first.as_of)
        enrolling.enrol(at=now + timedelta(minutes=32))
        assert Reckoning.objects.get().counts == {"counted": 2, "pending": 1}

    def test_t33_a_group_of_nine_is_fewer_than_ten_and_no_sum_tells_it(self, letter, client, fresh_cache):
        crowd(letter, 12)
        enrolling.enrol(at_once=True)
        for number in range(9):
            cast.attempt(letter, email=f"pending{number}@people.example")
        reckoning.reckon(letter)
        figures = reckoning.figures(letter)
        assert figures.pending.is_few
        assert (figures.counted.number, figures.counted.is_few) == (12, False)
        assert (figures.submitted.number, figures.submitted.is_at_least) == (12, True)
        words = " ".join(client.get(self.PAGE).content.decode().split())
        assert "fewer than 10" in words
        assert "at least 12" in words
        assert not re.search(r"\b(9|21)\b", re.sub(r"<time.*?</time>|<head>.*?</head>", "", words))
        fresh_cache()
        cast.attempt(letter, email="tenth@people.example")
        reckoning.reckon(letter)
        assert not reckoning.figures(letter).pending.is_few
        assert "at least 10" in " ".join(client.get(self.PAGE).content.decode().split())

    def test_t33_ten_of_ones_own_do_not_show_who_joins_them(self, letter, client, fresh_cache):
        def page() -> str:
            fresh_cache()
            return re.sub(r"<time.*?</time>", "", client.get(self.PAGE).content.decode())

        for number in range(10):
            cast.attempt(letter, email=f"mine{number}@people.example")
        reckoning.reckon(letter)
        before = page()
        assert "at least 10" in before
        cast.attempt(letter, email="theirs@people.example")
        reckoning.reckon(letter)
        assert page() == before
