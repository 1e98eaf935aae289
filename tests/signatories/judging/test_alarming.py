import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scrutiny import domains, limits, providers
from signatories.judging import alarming
from signatories.judging.alarming import Seen

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
LIMITS = limits.SWEEP
HALL = "a" * 64


def seen(pk: int, **changes) -> Seen:
    """A person like any other: at home, with a mail domain of their own, an hour after the mail."""
    row = Seen(pk, f"network {pk}", f"domain {pk}", 0, NOON - timedelta(hours=1), NOON)
    return row._replace(**changes)


def crowd(number: int, *, first: int = 0, **changes) -> list[Seen]:
    return [seen(pk, **changes) for pk in range(first, first + number)]


def pks(number: int, *, first: int = 0) -> frozenset[int]:
    return frozenset(range(first, first + number))


class TestASurge:
    def test_is_more_than_fifty_where_nothing_is_usual(self):
        assert not list(alarming.surge(50, usual=0, limits=LIMITS))
        [alarm] = alarming.surge(51, usual=0, limits=LIMITS)
        assert alarm.rows == frozenset() and alarm.alike is None

    def test_is_six_times_what_is_usual(self):
        assert not list(alarming.surge(120, usual=20, limits=LIMITS))
        assert list(alarming.surge(121, usual=20, limits=LIMITS))


class TestOneDomain:
    def look(self, rows, hosts=()):
        return list(alarming.one_domain(rows, hosts=hosts, limits=LIMITS))

    def test_more_than_forty_and_a_quarter_belong_together_and_nobody_else(self):
        [alarm] = self.look(crowd(41, domain="d") + crowd(100, first=100))
        assert alarm.rows == pks(41)

    def test_forty_are_a_large_family(self):
        assert self.look(crowd(40, domain="d")) == []

    def test_a_quarter_of_a_day_on_which_all_sign_is_nothing(self):
        assert self.look(crowd(50, domain="d") + crowd(150, first=100)) == []

    @pytest.mark.parametrize("provider", sorted(providers.PROVIDERS)[:5])
    def test_everybody_has_an_address_at_a_large_provider(self, provider):
        assert self.look(crowd(300, domain=domains.index(provider))) == []

    def test_hosts_of_a_gathering_were_announced(self):
        assert self.look(crowd(41, domain="d"), hosts={"d"}) == []

    def test_what_is_erased_belongs_to_no_domain(self):
        assert self.look(crowd(300, domain=None)) == []


class TestOneNetwork:
    def look(self, rows):
        return list(alarming.one_network(rows, limits=LIMITS))

    def test_alone_tells_nothing_however_many_there_are(self):
        assert self.look(crowd(2000, network=HALL)) == []

    def test_delegations_of_a_conference_are_no_machine(self):
        delegates = [seen(pk, network=HALL, domain=f"delegation {pk // 8}") for pk in range(140)]
        guests = crowd(60, first=200, network=HALL)
        assert self.look(delegates + guests) == []

    def test_nearly_all_at_domains_that_are_filled_evenly_belong_together(self):
        machines = [seen(pk, network=HALL, domain=f"throw-away {pk % 8}") for pk in range(48)]
        others = crowd(5, first=100, network=HALL)
        [alarm] = self.look(machines + others + crowd(50, first=200))
        assert alarm.rows == pks(48)

    def test_those_who_looked_like_machines_each_belong_together(self):
        [alarm] = self.look(crowd(41, network=HALL, score=20) + crowd(500, first=100, network=HALL))
        assert alarm.rows == pks(41)

    def test_a_few_who_looked_so_are_an_accident(self):
        assert self.look(crowd(40, network=HALL, score=25) + crowd(500, first=100, network=HALL)) == []

    def test_networks_that_are_not_told_apart_are_no_crowd(self):
        machines = [seen(pk, network=None, score=25, domain=f"throw-away {pk % 8}") for pk in range(48)]
        assert self.look(machines) == []


class TestTooFast:
    def look(self, rows):
        return list(alarming.too_fast(rows, limits=LIMITS))

    def test_half_of_them_within_seconds_belong_together(self):
        fast, slow = NOON - timedelta(seconds=3), NOON - timedelta(minutes=3)
        [alarm] = self.look(crowd(30, mailed_at=fast) + crowd(20, first=100, mailed_at=slow))
        assert alarm.rows == pks(30)

    def test_some_people_are_fast(self):
        fast = NOON - timedelta(seconds=3)
        assert self.look(crowd(20, mailed_at=fast) + crowd(30, first=100)) == []
        assert self.look(crowd(19, mailed_at=fast)) == []

    def test_what_had_no_mail_has_no_delay(self):
        assert self.look(crowd(100, mailed_at=None)) == []


class TestAged:
    LATE = NOON - timedelta(hours=25)

    def look(self, rows, usual=0):
        return list(alarming.aged(rows, usual=usual, limits=LIMITS))

    def test_many_that_are_a_day_old_belong_together(self):
        [alarm] = self.look(crowd(41, mailed_at=self.LATE) + crowd(60, first=100))
        assert alarm.rows == pks(41)

    def test_the_late_ones_of_a_great_day_are_expected(self):
        rows = crowd(120, mailed_at=self.LATE) + crowd(10, first=200)
        assert self.look(rows, usual=20) == []
        assert self.look(rows, usual=19)

    def test_on_a_great_day_some_are_always_late(self):
        assert self.look(crowd(41, mailed_at=self.LATE) + crowd(200, first=100)) == []

    def test_mail_that_left_late_makes_nobody_late(self):
        assert self.look(crowd(300, mailed_at=NOON - timedelta(hours=2))) == []


class TestAnswers:
    def look(self, confirmed, mailed):
        return [alarm.reason for alarm in alarming.answers(confirmed=confirmed, mailed=mailed, limits=LIMITS)]

    def test_of_people_some_forget_and_most_do_not(self):
        assert self.look(150, 200) == []
        assert self.look(50, 200) == [] and self.look(194, 200) == []

    def test_few_and_nearly_all_are_told(self):
        assert self.look(49, 200) == [alarming.FEW_ANSWER]
        assert self.look(195, 200) == [alarming.ALL_ANSWER]

    def test_before_there_are_two_hundred_nothing_is_said(self):
        assert self.look(199, 199) == [] and self.look(0, 199) == []


class TestCrowdsOfPeople:
    """As many as come in life: the stories have to make do with fewer."""

    def look(self, rows):
        return [
            *alarming.one_domain(rows, hosts=(), limits=LIMITS),
            *alarming.one_network(rows, limits=LIMITS),
            *alarming.too_fast(rows, limits=LIMITS),
            *alarming.aged(rows, usual=0, limits=LIMITS),
        ]

    def test_a_conference_hall(self):
        host = crowd(40, network=HALL, domain="host")
        delegates = [seen(pk, network=HALL, domain=f"delegation {pk % 12}") for pk in range(100, 172)]
        guests = crowd(88, first=200, network=HALL)
        assert self.look(host + delegates + guests) == []

    def test_a_carrier(self):
        large = domains.index("gmail.com")
        assert self.look(crowd(900, network=HALL, domain=large) + crowd(300, first=1000, network=HALL)) == []


class TestNoNight:
    KABUL = ZoneInfo("Asia/Kabul")

    def day(self, by_span):
        """So many confirmed in each four hours of a day in Kabul, from one o'clock on."""
        first = datetime(2026, 11, 24, 1, tzinfo=self.KABUL)
        numbers = itertools.count()
        return {
            next(numbers): first + timedelta(hours=4 * span, minutes=7 * number % 240)
            for span, many in enumerate(by_span)
            for number in range(many)
        }

    def look(self, by_span, *, zones=(KABUL,)):
        return list(alarming.no_night(self.day(by_span), zones=zones, limits=LIMITS))

    def test_asvs42_a_flat_day_names_those_of_the_night(self):
        [alarm] = self.look([40] * 6)
        assert alarm.rows == pks(40) and alarm.reason == alarming.NO_NIGHT and alarm.alike is None

    def test_fewer_than_two_hundred_tell_nothing(self):
        assert self.look([33] * 6) == []
        assert len(self.look([34] * 6)) == 1

    def test_each_four_hours_have_thirteen_in_a_hundred(self):
        assert len(self.look([39, 52, 52, 52, 52, 53])) == 1
        assert self.look([38, 52, 52, 52, 53, 53]) == []

    @pytest.mark.parametrize(
        "by_span",
        [
            [10, 20, 70, 80, 70, 50],
            [90, 10, 30, 40, 40, 90],  # awake by night, asleep at dawn
            [300, 0, 0, 0, 0, 0],  # told of it at midnight
            [60, 50, 20, 10, 60, 70],  # by the clocks of those who live abroad
            [0, 0, 0, 100, 100, 100],  # published at noon
        ],
    )
    def test_people_sleep_at_some_hour(self, by_span):
        assert self.look(by_span) == []

    def test_where_clocks_differ_it_is_flat_by_all_of_them_and_night_by_all_of_them(self):
        [alarm] = self.look([40] * 6, zones=[self.KABUL, ZoneInfo("Asia/Karachi")])
        assert alarm.rows < pks(40)
        assert self.look([40] * 6, zones=[]) == []
