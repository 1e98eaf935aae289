import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from letters.models import Role
from outbox.models import Alert, Message
from scrutiny import domains
from scrutiny.models import Gathering, Limit
from signatories import confirming, moderating
from signatories.enrolled import enrolling
from signatories.judging import alarming, suspecting, sweeping
from signatories.models import Decision, Signature
from tests import cast, entering

pytestmark = pytest.mark.django_db

FEW = {"surge": 6, "at_one_domain": 3, "from_one_network": 3, "from_one_network_per_domain": 2, "too_fast": 3,
       "aged": 3}  # fmt: skip
HALL = "a" * 64


@pytest.fixture(autouse=True)
def few_are_many(db):
    Limit.objects.bulk_create([Limit(name=name, value=value) for name, value in FEW.items()])


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def chidi(letter):
    return cast.chidi(letter)


def signed(letter, number, **changes):
    """Somebody signed an hour and a half ago, was sent a mail and confirmed ten minutes ago; it counts."""
    now = timezone.now()
    moments = {"created_at": now - timedelta(minutes=90), "mailed_at": now - timedelta(minutes=80)}
    attempt = cast.attempt(letter, email=f"somebody@domain{number}.example", name="Ada Okoye")
    Message.objects.filter(subject=attempt.pk).delete()
    confirmed = changes.pop("confirmed_at", now - timedelta(minutes=10))
    if confirmed:
        confirming.confirm(attempt)
        moments["confirmed_at"] = confirmed
    fields = moments | {"network": f"{number:064}"} | changes
    Signature.objects.filter(pk=attempt.pk).update(**fields)
    return cast.fresh(attempt)


def at_domain(letter, number, **changes):
    return signed(letter, number, domain=domains.index("one.example"), **changes)


def count(letter):
    enrolling.enrol(at_once=True)
    return enrolling.tally(letter).signatures


def held(*signatures):
    return [cast.fresh(signature).held_at is not None for signature in signatures]


def staff_mail():
    return Message.objects.filter(kind="alarm")


class TestHolding:
    def test_a_crowd_at_one_domain_leaves_the_count_and_others_stay(self, letter, chidi):
        people = [signed(letter, number) for number in range(3)]
        crowd = [at_domain(letter, number) for number in range(10, 14)]
        assert count(letter) == 7
        assert sweeping.sweep() == 4
        assert count(letter) == 3
        assert held(*people) == [False] * 3 and held(*crowd) == [True] * 4
        [decision] = crowd[0].decisions.all()
        assert (decision.verdict, decision.by, decision.reason) == (
            Decision.Verdict.HOLD,
            None,
            alarming.ONE_DOMAIN,
        )

    def test_those_who_came_some_minutes_before_or_have_not_confirmed_belong_to_it(self, letter, chidi):
        before = timezone.now() - timedelta(minutes=40)
        crowd = [at_domain(letter, number) for number in range(4)]
        earlier = at_domain(letter, 10, confirmed_at=before)
        waiting = at_domain(letter, 11, confirmed_at=None)
        long_ago = at_domain(letter, 12, confirmed_at=timezone.now() - timedelta(hours=5))
        elsewhere = at_domain(cast.quiet_streets(), 13)
        assert sweeping.sweep() == 6
        assert held(*crowd, earlier, waiting) == [True] * 6
        assert held(long_ago, elsewhere) == [False, False]

    def test_a_second_look_holds_nobody_again_and_what_was_approved_stays(self, letter, chidi):
        crowd = [at_domain(letter, number) for number in range(4)]
        sweeping.sweep()
        moderating.approve(crowd[0], by=chidi)
        assert sweeping.sweep() == 0
        assert held(*crowd) == [False, True, True, True]

    def test_who_comes_after_the_first_look_makes_the_crowd_larger(self, letter, chidi):
        for number in range(4):
            at_domain(letter, number)
        sweeping.sweep()
        late = at_domain(letter, 5)
        assert sweeping.sweep() == 1
        assert held(late) == [True]

    def test_what_a_person_rejected_counts_for_no_crowd(self, letter, chidi):
        crowd = [at_domain(letter, number) for number in range(4)]
        suspecting.hold(crowd[:1], reason="Its mailbox is gone.")
        moderating.reject(crowd[0], by=chidi, reason="spam")
        assert sweeping.sweep() == 0

    def test_one_network_whose_people_share_nothing_else_is_left_alone(self, letter, chidi):
        for number in range(6):
            signed(letter, number, network=HALL)
        assert sweeping.sweep() == 0

    def test_one_network_at_few_domains_is_held(self, letter, chidi):
        for number in range(6):
            signed(letter, number, network=HALL, domain=domains.index(f"throw-away{number % 3}.example"))
        assert sweeping.sweep() == 6

    def test_stored_up_attempts_are_held_when_they_are_confirmed_together(self, letter, chidi):
        mailed = timezone.now() - timedelta(hours=60)
        crowd = [
            signed(letter, number, created_at=mailed, mailed_at=mailed, network=None) for number in range(4)
        ]
        person = signed(letter, 10)
        assert sweeping.sweep() == 4
        assert held(*crowd, person) == [True] * 4 + [False]
        assert crowd[0].decisions.get().reason == alarming.AGED

    def test_late_ones_that_follow_a_great_day_are_not(self, letter, chidi):
        now = timezone.now()
        for quarter in range(2, 56):
            confirmed = now - quarter * sweeping.WINDOW
            signed(letter, quarter, confirmed_at=confirmed, mailed_at=confirmed - timedelta(hours=30))
        for number in range(200, 205):
            signed(letter, number, mailed_at=now - timedelta(hours=30))
        assert sweeping.sweep() == 0

    def test_robots_are_faster_than_their_mail_is_found(self, letter, chidi):
        confirmed = timezone.now() - timedelta(minutes=10)
        crowd = [
            signed(letter, number, confirmed_at=confirmed, mailed_at=confirmed - timedelta(seconds=2))
            for number in range(4)
        ]
        person = signed(letter, 10)
        assert sweeping.sweep() == 4
        assert held(*crowd, person) == [True] * 4 + [False]


class TestASurge:
    def test_holds_nobody_and_is_told(self, letter, chidi):
        for number in range(7):
            signed(letter, number)
        assert sweeping.sweep() == 0
        assert count(letter) == 7
        assert Alert.objects.get().reason == alarming.SURGE
        assert staff_mail().count() == 1

    def test_is_none_where_as_many_are_usual_at_this_hour(self, letter, chidi):
        now = timezone.now()
        for number in range(7):
            signed(letter, number)
        for day in range(1, 5):
            for number in range(5):
                signed(
                    letter,
                    10 * day + number + 100,
                    confirmed_at=now - timedelta(days=day, minutes=number + 1),
                )
        sweeping.sweep()
        assert not Alert.objects.exists()


class TestAnswers:
    def test_that_few_confirm_is_told_once(self, letter, chidi):
        Limit.objects.create(name="answered_mails", value=5)
        now = timezone.now()
        for number in range(5):
            signed(letter, number, confirmed_at=None, mailed_at=now - timedelta(hours=2))
        signed(letter, 10, mailed_at=now - timedelta(hours=2))
        assert sweeping.sweep() == 0
        assert Alert.objects.get().reason == alarming.FEW_ANSWER
        Alert.objects.update(said_at=now - timedelta(hours=2))
        sweeping.sweep()
        assert Alert.objects.get().count == 2
        assert staff_mail().count() == 1


class TestTelling:
    def test_one_alert_a_letter_with_what_holds_most_and_a_mail_to_each_who_moderates(
        self, letter, chidi, mails, caplog
    ):
        cast.chidi(letter).roles.create(letter=letter, kind=Role.Kind.OWNER)
        exporter = type(chidi).objects.create(email="dora@desk.example", is_staff=True)
        exporter.roles.create(letter=letter, kind=Role.Kind.EXPORTER)
        for number in range(8):
            at_domain(letter, number)
        Message.objects.all().delete()
        with caplog.at_level(logging.WARNING):
            sweeping.sweep()
        alert = Alert.objects.get()
        assert (alert.about, alert.reason) == (f"letter {letter.pk}", alarming.ONE_DOMAIN)
        assert f"letter {letter.pk}: 2 alarms, 8 signatures held" in caplog.text
        assert "@" not in caplog.text and "one.example" not in caplog.text
        [mail] = mails()
        assert mail.to == "chidi@desk.example"
        assert alarming.ONE_DOMAIN in mail.text and "8 signatures wait" in mail.text
        assert mail.links == ["http://localhost:8000/desk/"]
        assert letter.slug not in mail.text and "Clean Rivers" not in mail.text + mail.subject

    def test_within_an_hour_no_second_mail_leaves(self, letter, chidi):
        for number in range(4):
            at_domain(letter, number)
        sweeping.sweep()
        at_domain(letter, 10)
        sweeping.sweep()
        assert staff_mail().count() == 1
        Alert.objects.update(said_at=timezone.now() - timedelta(minutes=61))
        at_domain(letter, 11)
        sweeping.sweep()
        assert staff_mail().count() == 2

    def test_what_is_over_before_its_mail_left_is_not_mailed(self, letter, chidi, mails):
        for number in range(4):
            at_domain(letter, number)
        Message.objects.all().delete()
        sweeping.sweep()
        Alert.objects.update(ended_at=timezone.now())
        assert mails() == []

    def test_the_desk_shows_it(self, letter, chidi, client):
        for number in range(4):
            at_domain(letter, number)
        sweeping.sweep()
        entering.enter(client, chidi)
        assert alarming.ONE_DOMAIN in client.get("/desk/").content.decode()
        assert alarming.ONE_DOMAIN in client.get("/desk/letters/clean-rivers/queue/").content.decode()


class TestAGathering:
    @pytest.fixture
    def gathering(self, letter, chidi):
        now = timezone.now()
        owner = type(chidi).objects.create(email="dora@desk.example", is_staff=True)
        return Gathering.objects.create(
            letter=letter,
            what="Congress in the town hall",
            domain="one.example",
            begins_at=now - timedelta(hours=2),
            ends_at=now + timedelta(hours=2),
            asked_by=chidi,
            approved_by=owner,
        )

    def hall(self, letter):
        for number in range(6):
            signed(letter, number, network=HALL, domain=domains.index(f"delegation{number % 3}.example"))

    def test_its_network_and_its_host_are_no_alarm(self, letter, gathering):
        self.hall(letter)
        for number in range(20, 25):
            at_domain(letter, number)
        assert sweeping.sweep() == 0
        assert not Alert.objects.exists()

    @pytest.mark.parametrize(
        "changes",
        [
            {"approved_by": None},
            {"ends_at": timezone.now() - timedelta(hours=1)},
            {"begins_at": timezone.now() + timedelta(hours=1)},
        ],
        ids=["not approved", "over", "to come"],
    )
    def test_before_two_agree_and_outside_its_time_it_is_as_nothing(self, letter, gathering, changes):
        Gathering.objects.update(**changes)
        self.hall(letter)
        assert sweeping.sweep() == 6

    def test_other_letters_have_not_gathered(self, letter, gathering):
        self.hall(cast.quiet_streets())
        assert sweeping.sweep() == 6

    def test_robots_among_the_people_are_seen_all_the_same(self, letter, gathering):
        confirmed = timezone.now() - timedelta(minutes=10)
        for number in range(4):
            signed(letter, number, confirmed_at=confirmed, mailed_at=confirmed - timedelta(seconds=2))
        assert sweeping.sweep() == 4
