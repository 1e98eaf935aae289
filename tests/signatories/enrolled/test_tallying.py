"""The numbers of overviews agree with a recount, whatever becomes of signatures."""

from datetime import timedelta

import pytest
from django.utils import timezone

from signatories import confirming, forgetting, moderating, signing
from signatories.enrolled import enrolling, tallying
from signatories.models import Cell, Signature
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter():
    return cast.clean_rivers()


def told(letter) -> dict[str, dict[str, int]]:
    """The letter's cells by facet, those at zero left out; a recount has just found nothing wrong."""
    enrolling.enrol()
    assert tallying.recount(letter) == 0
    facets: dict[str, dict[str, int]] = {}
    for cell in Cell.objects.filter(letter=letter, number__gt=0):
        facets.setdefault(cell.facet, {})[cell.value] = cell.number
    return facets


def signed(letter, name, **changes):
    return confirming.confirm(cast.attempt(letter, email=f"{name}@people.example", **changes))


def hold(signature):
    now = timezone.now()
    Signature.objects.filter(pk=signature.pk).update(held_at=now, unsettled_at=now)


def test_a_story_of_many_ends_leaves_numbers_that_a_recount_finds(letter):
    chidi, today = cast.chidi(letter), timezone.now().date().isoformat()
    assert told(letter) == {}
    cast.ada(letter)
    signed(letter, "one", country="PK", language="ur")
    two, three, four = (signed(letter, name, country="PK") for name in ("two", "three", "four"))
    union = cast.union(letter)
    assert told(letter) == {
        "joined": {today: 4}, "country": {"PK": 4}, "language": {"en": 3, "ur": 1}, "kind": {"person": 4},
    }  # fmt: skip
    moderating.approve(union, by=chidi)
    signing.withdraw(two)
    hold(three)
    assert told(letter) == {
        "joined": {today: 5}, "left": {today: 2}, "country": {"PK": 2, "PT": 1},
        "language": {"en": 2, "ur": 1}, "kind": {"person": 2, "organisation": 1},
    }  # fmt: skip
    moderating.reject(three, by=chidi, reason="Invented.")
    assert told(letter)["left"] == {today: 2}
    moderating.reinstate(three, by=chidi, reason="No, real.")
    signing.erase(four)
    after = told(letter)
    assert (after["joined"], after["left"]) == ({today: 6}, {today: 3})
    assert after["country"] == {"PK": 2, "PT": 1}


def test_a_corrected_name_neither_comes_nor_goes(letter):
    bela, today = cast.bela(letter), timezone.now().date().isoformat()
    assert signing.correct(bela, name="Béla Horvát")
    signed(letter, "another")
    assert told(letter)["joined"] == {today: 2}
    assert "left" not in told(letter)


def test_what_retention_erases_goes_on_counting_from_no_country(letter):
    cast.bela(letter), signed(letter, "one")
    before = told(letter)
    forgetting.forget(at=timezone.now() + timedelta(days=400))
    after = told(letter)
    assert after.pop("country") == {"": 2} and before.pop("country") == {"HU": 1, "NG": 1}
    assert after == before


def test_what_is_erased_before_the_clock_settled_its_withdrawal_is_taken_out_once(letter):
    bela = cast.bela(letter)
    signing.erase(bela)
    assert told(letter).keys() == {"joined", "left"}


def test_letters_from_before_there_were_cells_are_counted_at_the_next_occasion(letter):
    bela, _ = cast.bela(letter), signed(letter, "one")
    enrolling.enrol()
    Cell.objects.all().delete()
    signing.withdraw(bela)
    assert told(letter)["country"] == {"NG": 1}


def test_a_wrong_number_keeps_nobody_off_the_roll_and_is_set_right(letter):
    bela = cast.bela(letter)
    Cell.objects.filter(facet="country").update(number=0)
    signing.withdraw(bela)
    enrolling.enrol()
    assert enrolling.tally(letter).signatures == 0
    Cell.objects.filter(facet="joined").update(number=7)
    assert tallying.recount_all() == 1
    assert told(letter)["joined"] == {timezone.now().date().isoformat(): 1}


def test_letters_are_counted_apart(letter):
    other = cast.letter("open-wells", "Open Wells")
    cast.bela(letter), cast.bela(other, country="FR")
    assert told(letter)["country"] == {"HU": 1}
    assert told(other)["country"] == {"FR": 1}
