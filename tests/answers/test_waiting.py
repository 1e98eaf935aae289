"""For how many days an office has been silent is said to everybody, and only of who has had the letter."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from answers import receiving, reviewing, waiting
from answers.models import Answer
from answers.templatetags.answers import answers_of
from deliveries.dossiers import freezing
from deliveries.models import Delivery, Report
from deliveries.returns import returned
from letters import publishing
from letters.models import Letter, Recipient, Version
from outbox.models import State
from tests import cast
from tests.answers.conftest import DESK, shown
from tests.deliveries import bouncing

pytestmark = pytest.mark.django_db

KABUL = ZoneInfo("Asia/Kabul")
FOREIGN = "Ministry of Foreign Affairs"


class TestDaysWithoutAReply:
    def test_they_are_counted_since_it_was_sent(self, delivery, fresh_cache, later):
        assert "Got it today" in shown(fresh_cache)
        later(timedelta(days=12))
        assert "12 days without a reply" in shown(fresh_cache)
        assert shown(fresh_cache).count("without a reply") == 1, "the other office was not served"

    def test_a_day_is_one_of_utc(self, letter, delivery):
        midnight = delivery.sent_at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        for seconds, days in ((-1, 0), (0, 1), (2 * 86400, 3)):
            at = midnight + timedelta(seconds=seconds)
            [reply] = waiting.replies(letter, at=at.astimezone(KABUL))
            assert reply.days == days

    @pytest.mark.parametrize("kind", [Report.Kind.BOUNCED, Report.Kind.WRONG])
    def test_what_came_back_or_went_astray_serves_nobody(self, delivery, fresh_cache, later, kind):
        later(timedelta(days=12))
        Report.objects.create(delivery=delivery, kind=kind, source=Report.Source.SERVER)
        assert "without a reply" not in shown(fresh_cache)

    def test_an_answer_stops_them_and_what_is_none_does_not(self, answer, desk, fresh_cache, later):
        assert "without a reply" not in shown(fresh_cache)
        desk.post(f"{DESK}{answer.pk}/decline/", {"ground": "strange", "reason": "A joke."})
        later(timedelta(days=12))
        public = shown(fresh_cache)
        assert "12 days without a reply" in public and "A joke." not in public


def report(delivery, kind: str, source: str, *, days_ago: int, **more) -> Report:
    at = timezone.now() - timedelta(days=days_ago)
    return Report.objects.create(delivery=delivery, kind=kind, source=source, at=at, **more)


class TestWhatCameBackAndArrivedAfterAll:
    def days(self, letter) -> list[int]:
        return [one.days for one in waiting.replies(letter, at=timezone.now())]

    def test_they_are_counted_since_it_was_proven_to_have_arrived(self, letter, delivery, desk):
        report(delivery, "bounced", "server", days_ago=0)
        after = timezone.now() + timedelta(days=4)
        assert waiting.replies(letter, at=after) == []
        facts = {"day": f"{timezone.now():%Y-%m-%dT%H:%M}", "reference": "RR 13", "arrived": "on"}
        page = f"/desk/letters/clean-rivers/deliveries/{delivery.pk}/"
        assert desk.post(f"{page}note/", facts).status_code == 302
        assert [one.days for one in waiting.replies(letter, at=after)] == [4]

    def test_what_says_so_by_the_message_id_alone_stops_no_days(self, letter, delivery, fresh_cache):
        mail = bouncing.report(message_id=delivery.message_id, action="failed")
        assert returned.record(mail).facts["matched"] == "message-id"
        after = timezone.now() + timedelta(days=4)
        assert [one.days for one in waiting.replies(letter, at=after)] == [4]
        assert "Came back" not in shown(fresh_cache)

    def test_an_office_for_which_another_is_meant_counts_again_once_it_has_it(self, letter, delivery):
        after = timezone.now() + timedelta(days=4)
        report(delivery, "wrong", "page", days_ago=0)
        assert waiting.replies(letter, at=after) == []
        report(delivery, "delivered", "page", days_ago=0)
        assert [one.days for one in waiting.replies(letter, at=after)] == [4]

    def test_what_a_server_said_before_it_came_back_proves_nothing(self, letter, delivery):
        report(delivery, "delivered", "server", days_ago=9)
        report(delivery, "bounced", "server", days_ago=8)
        assert self.days(letter) == []

    def test_what_a_server_said_after_it_came_back_serves(self, letter, delivery):
        report(delivery, "bounced", "server", days_ago=9)
        report(delivery, "delivered", "server", days_ago=8)
        assert self.days(letter) == [8]

    def test_what_a_person_saw_is_proven_whenever_the_mail_came_back(self, letter, delivery):
        report(delivery, "delivered", "person", days_ago=9, by=cast.esra(letter))
        report(delivery, "bounced", "server", days_ago=8)
        assert self.days(letter) == [9]

    def test_what_another_office_should_have_got_serves_nobody_even_if_it_arrived(self, letter, delivery):
        report(delivery, "delivered", "page", days_ago=9)
        report(delivery, "wrong", "page", days_ago=8)
        report(delivery, "delivered", "server", days_ago=7)
        assert self.days(letter) == []


def ministries(letter, *offices: dict[str, str]) -> Version:
    """The next version of the letter, to some Foreign Ministries."""
    draft = publishing.amend(Letter.objects.select_related("current").get(pk=letter.pk))
    draft.recipients.all().delete()
    for order, facts in enumerate(offices):
        Recipient.objects.create(
            version=draft, order=order, **{"office": FOREIGN, "country": "GB", "channel": "hand"} | facts
        )
    return publishing.publish(letter)


def brought(letter, recipient: Recipient, *, channel: str = "hand") -> Delivery:
    """What somebody brought to one office."""
    dossier = freezing.freeze(letter, version=recipient.version)
    at = timezone.now() - timedelta(days=3)
    facts = {"state": State.SENT, "sent_at": at, "signatures": 3, "evidence": {"channel": channel}}
    return Delivery.objects.create(dossier=dossier, recipient=recipient, channel=channel, **facts)


def answered(delivery: Delivery) -> Answer:
    return receiving.answer(delivery, text="We will act.", name="", role="", language="en")


@pytest.mark.parametrize("channel", ["post", "hand", "portal"])
def test_an_office_is_served_by_whichever_way_somebody_brings_it(letter, channel):
    brought(letter, ministries(letter, {"postal": "1 Quay Street"}).recipients.get(), channel=channel)
    assert [one.days for one in waiting.replies(letter, at=timezone.now())] == [3]


class TestOfficesOfOneName:
    def test_one_countrys_answer_stops_no_other_countrys_days(self, letter, fresh_cache):
        version = ministries(letter, {"country": "GB"}, {"country": "FR"})
        british, _french = [brought(letter, office) for office in version.recipients.order_by("order")]
        answer = answered(british)
        lines = waiting.replies(letter, at=timezone.now())
        assert [(one.name.office, one.name.country, one.waits_to_be_read, one.days) for one in lines] == [
            (FOREIGN, "GB", True, 3),
            (FOREIGN, "FR", False, 3),
        ]
        public = shown(fresh_cache)
        assert "<bdi>Ministry of Foreign Affairs</bdi> (France)" in public
        assert public.count("3 days without a reply") == 1
        reviewing.publish(answer, by=cast.esra(letter))
        private = render_to_string("answers/of_letter.html", answers_of(letter))
        assert "<bdi>Ministry of Foreign Affairs</bdi> (United Kingdom)" in private

    def test_page_and_feed_tell_by_country_which_one_was_served_and_which_has_answered(
        self, letter, fresh_cache
    ):
        version = ministries(letter, {"country": "GB"}, {"country": "FR"}, {"office": "Bread Board"})
        british, _french, _board = [brought(letter, one) for one in version.recipients.order_by("order")]
        reviewing.publish(answered(british), by=cast.esra(letter))
        feed = Client().get("/letters/clean-rivers/feed/").content.decode()
        for told in (shown(fresh_cache).replace("<bdi>", "").replace("</bdi>", ""), feed):
            for country in ("United Kingdom", "France"):
                assert f"Brought to {FOREIGN} ({country}) by hand" in told
            assert f"{FOREIGN} (United Kingdom) has answered" in told
            assert "Brought to Bread Board by hand" in told
        assert f"{FOREIGN} (فرانس)" in Client().get("/ur/letters/clean-rivers/feed/").content.decode()

    def test_one_office_of_two_versions_is_one(self, letter):
        for _ in range(2):
            brought(letter, ministries(letter, {}).recipients.get())
        [line] = waiting.replies(letter, at=timezone.now())
        assert (line.name.office, line.name.country) == (FOREIGN, "")

    def test_two_of_one_country_are_told_apart_by_where_they_are(self, letter):
        consul = {"postal": "2 Quay Street", "person": "Consul Okoye"}
        version = ministries(letter, {"postal": "1 Quay Street"}, consul)
        for office in version.recipients.order_by("order"):
            delivery = brought(letter, office)
        answered(delivery)
        lines = waiting.replies(letter, at=timezone.now())
        assert {(one.name.person, one.waits_to_be_read) for one in lines} == {
            ("", False),
            ("Consul Okoye", True),
        }
