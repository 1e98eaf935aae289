from datetime import UTC, datetime, timedelta

import pytest

from letters import countries
from scrutiny import nights

AT = datetime(2026, 11, 25, 20, 30, tzinfo=UTC)


def offsets(country, *, at=AT):
    return {at.astimezone(zone).utcoffset() for zone in nights.zones(country, at=at)}


def test_a_country_has_the_times_its_clocks_show():
    assert offsets("AF") == {timedelta(hours=4.5)}
    assert offsets("ES") == {timedelta(hours=1), timedelta(hours=0)}
    assert offsets("ES", at=AT - timedelta(days=150)) == {timedelta(hours=2), timedelta(hours=1)}


@pytest.mark.parametrize("country", ["RU", "US", "CA", "XX", ""])
def test_where_it_is_never_night_everywhere_or_nobody_knows_there_are_none(country):
    assert nights.zones(country, at=AT) == []


def test_nearly_every_country_has_a_night():
    without = {code for code in countries.codes() if not nights.zones(code, at=AT)}
    assert without == {"AQ", "BV", "CA", "GL", "HM", "RU", "UM", "US", "XK"}


def test_the_night_is_from_one_to_five():
    [kabul] = nights.zones("AF", at=AT)  # one o'clock
    first = AT - timedelta(seconds=1)
    moments = [first, AT, AT + timedelta(hours=3, minutes=59), AT + timedelta(hours=4)]
    assert [nights.span(moment, kabul) for moment in moments] == [5, 0, 0, 1]
