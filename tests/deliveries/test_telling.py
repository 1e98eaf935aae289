from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from deliveries import preparing, retaining, sending, telling
from letters import publishing
from letters.models import Letter
from signatories import holding
from signatories.models import Holding
from tests import cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def said(letter: Letter) -> str:
    holding.write_down()
    letter = Letter.objects.get(pk=letter.pk)
    return " ".join(telling.still_held(letter))


def test_it_counts_what_is_there(letter):
    held = holding.count(letter)
    assert (held.unconfirmed, held.addresses, held.hidden_names) == (1, 3, 2)
    assert (held.listed_names, held.anonymous) == (1, 0)
    assert not Holding.objects.exists()


@pytest.mark.parametrize(
    ("number", "shown"), [(10, 10), (11, 20), (99, 100), (123, 130), (1234, 1300), (987_654, 990_000)]
)
def test_numbers_are_rounded_up_to_two_figures(number, shown):
    assert holding.rounded(number) == shown


def test_small_groups_are_not_told(letter):
    words = said(letter)
    assert "fewer than 10 e-mail addresses" in words and "fewer than 10 names that are not public" in words
    assert "12 months after signing" in words
    Holding.objects.update(addresses=1234, hidden_names=0)
    words = " ".join(telling.still_held(letter))
    assert "up to 1,300 e-mail addresses" in words and "no name that is not public" in words


def test_of_letters_at_risk_no_number_is_told():
    letter = cast.quiet_streets()
    cast.bela(letter)
    words = said(letter)
    assert "We still hold e-mail addresses" in words
    Holding.objects.update(addresses=123_456)
    assert "1" not in " ".join(telling.still_held(letter)).replace("12 months", "")


def test_the_line_says_when_it_goes_and_then_that_it_went(letter, postbox):
    publishing.close(letter, at=timezone.now() - DAY)
    assert "at the latest" in said(letter)
    for delivery in preparing.prepare(letter):
        sending.send(delivery)
    assert "are erased on" in said(letter)
    retaining.retain(at=timezone.now() + 31 * DAY)
    assert said(letter) == (
        "We hold no e-mail address and no name that is not public any more. The signatures go on counting."
    )


def test_before_anybody_signed_and_before_the_clock_counted_it_says_the_rule():
    letter = cast.clean_rivers()
    assert "12 months after signing" in " ".join(telling.still_held(letter))
    assert "Nobody has signed yet" in said(letter)


def test_the_letters_page_and_the_command_say_the_same(letter):
    words = said(letter)
    assert words in " ".join(Client().get("/letters/clean-rivers/").content.decode().split())
    out = StringIO()
    call_command("what_we_hold", "clean-rivers", stdout=out)
    told = " ".join(out.getvalue().split())
    assert words in told
    assert "1 attempts that are not confirmed 3 e-mail addresses 2 names that are not public" in told
    with pytest.raises(CommandError, match="no letter"):
        call_command("what_we_hold", "night-boats")


def test_the_page_counts_nothing(letter, django_assert_num_queries):
    holding.write_down()
    letter = Letter.objects.select_related("current").get(pk=letter.pk)
    with django_assert_num_queries(1):
        telling.still_held(letter)
