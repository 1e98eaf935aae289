from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from outbox.models import Alert
from scrutiny.models import Limit
from signatories import forgetting, moderating, queue, signing
from signatories.enrolled import enrolling
from signatories.judging import suspecting
from signatories.models import Decision, Listing, Report, Signature
from tests import cast, entering

pytestmark = pytest.mark.django_db

WHY = "The ministry says he was abroad."
NOT_ME = {"reason": "not_me"}


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def chidi(letter):
    return cast.chidi(letter)


@pytest.fixture
def client():
    """As curl asks, and with no cookie ever."""
    client = Client(enforce_csrf_checks=True)
    yield client
    assert not client.cookies


def place(listing: Listing) -> str:
    return f"/letters/{listing.letter.slug}/report/{listing.public_id}/"


def from_network(number: int) -> dict[str, str]:
    return {"REMOTE_ADDR": f"198.51.100.{number}"}


def everything(response) -> tuple:
    headers = {name: value for name, value in response.headers.items() if name != "Date"}
    return response.status_code, headers, response.content


class TestThePage:
    def test_a_link_stands_beside_every_listed_name(self, client, letter, chidi):
        bela, union = cast.bela(letter), cast.union(letter)
        moderating.approve(union, by=chidi)
        enrolling.enrol()
        persons_and_organisations = client.get("/letters/clean-rivers/signatories/").content.decode()
        organisations = client.get("/letters/clean-rivers/").content.decode()
        assert place(bela.listing) in persons_and_organisations
        assert place(union.listing) in persons_and_organisations
        assert place(union.listing) in organisations
        assert place(bela.listing) not in organisations

    def test_it_says_which_name_and_is_kept_by_no_index(self, client, letter):
        page = client.get(place(cast.bela(letter).listing))
        assert "Bela Horvát" in page.content.decode()
        assert page["X-Robots-Tag"] == "noindex, noarchive"
        assert page["Cache-Control"] == "no-store"

    def test_without_a_reason_it_comes_back(self, client, letter):
        listing = cast.bela(letter).listing
        for answers in ({}, {"reason": "because"}):
            page = client.post(place(listing), answers)
            assert page.status_code == 422
            assert "Please choose what is wrong." in page.content.decode()
        assert not Report.objects.exists()

    def test_another_site_cannot_report_with_its_readers(self, client, letter):
        page = client.post(
            place(cast.bela(letter).listing), NOT_ME, headers={"Origin": "https://evil.example"}
        )
        assert page.status_code == 403
        assert not Report.objects.exists()

    def test_the_answer_is_the_same_whatever_happens(self, client, letter):
        bela, gone, held = (
            cast.confirmed(letter, email=f"{name}@people.example", name=name)
            for name in ("Ben", "Cem", "Dia")
        )
        places = [place(signature.listing) for signature in (bela, gone, held)]
        signing.withdraw(gone)
        enrolling.enrol()
        Signature.objects.filter(pk=held.pk).update(held_at=timezone.now())
        places += [
            places[0],
            "/letters/clean-rivers/report/never-was-listed/",
            places[0].replace("report/", "report/x"),
        ]
        answers = {repr(everything(client.post(place, NOT_ME))) for place in places}
        assert len(answers) == 1
        assert Report.objects.count() == 1
        answer = client.post(places[0], NOT_ME)
        assert (answer.status_code, answer["Location"]) == (303, "/letters/clean-rivers/reported/")
        assert "Ben" not in client.get(answer["Location"]).content.decode()

    def test_a_name_that_has_left_is_not_shown(self, client, letter):
        bela = cast.bela(letter)
        listing = bela.listing
        signing.withdraw(bela)
        enrolling.enrol()
        assert client.get(place(listing)).status_code == 404


class TestWhatItDoes:
    def test_a_report_hides_and_removes_nothing(self, client, letter):
        bela = cast.bela(letter)
        for number in range(5):
            client.post(place(bela.listing), NOT_ME, **from_network(number))
        enrolling.enrol()
        assert Listing.objects.get() == bela.listing
        assert enrolling.tally(letter).signatures == 1
        assert cast.fresh(bela).is_standing()

    def test_many_reports_of_one_name_wait_as_one_with_what_is_said(self, client, letter):
        bela = cast.bela(letter)
        for number, reason in enumerate(["not_me", "not_me", "not_real"]):
            client.post(place(bela.listing), {"reason": reason}, **from_network(number))
        (waiting,) = queue.first(letter)
        assert waiting.signature == bela
        assert waiting.since == cast.fresh(bela).reported_at
        assert any("2 times" in reason and "did not sign" in reason for reason in waiting.reasons)
        assert any("1 time" in reason and "no such person" in reason for reason in waiting.reasons)

    def test_one_network_reports_a_name_once(self, client, letter):
        bela = cast.bela(letter)
        for _ in range(3):
            client.post(place(bela.listing), NOT_ME)
        assert bela.reports.count() == 1

    def test_one_network_reports_only_so_many_names(self, client, letter):
        Limit.objects.create(name="reports_per_network_in_24_hours", value=2)
        for number in range(3):
            signature = cast.confirmed(letter, email=f"p{number}@people.example")
            client.post(place(signature.listing), NOT_ME, **from_network(9))
        for listing in Listing.objects.all():
            client.post(place(listing), NOT_ME)
        assert Report.objects.count() == 3 + 2

    def test_the_first_report_of_a_name_is_kept_whatever_else_its_network_reports(self, client, letter):
        Limit.objects.create(name="reports_per_network_in_24_hours", value=2)
        for number in range(3):
            signature = cast.confirmed(letter, email=f"p{number}@people.example")
            client.post(place(signature.listing), NOT_ME)
        assert Report.objects.count() == 3 and cast.fresh(signature).is_waiting()

    def test_one_network_alone_does_not_fill_the_queue(self, client, letter):
        Limit.objects.create(name="reports_per_network_in_24_hours", value=1)
        people = [
            cast.confirmed(letter, email=f"p{n}@people.example", name=f"Eve {n}") for n in "abcdefghijkl"
        ]
        for signature in people:
            client.post(place(signature.listing), NOT_ME, **from_network(9))
        assert Report.objects.count() == 10
        assert Alert.objects.get().kind == "flood of reports"
        assert Alert.objects.get().count == 2, "so many more were reported"
        client.post(place(people[-1].listing), NOT_ME, **from_network(10))
        assert Report.objects.count() == 11
        elsewhere = cast.bela(cast.letter("night-trains", "Night Trains"))
        client.post(place(elsewhere.listing), NOT_ME, **from_network(9))
        assert Report.objects.count() == 12, "a flood under one letter hinders nobody under another"

    def test_a_stronger_reason_of_one_network_takes_the_place_of_a_weaker_one(self, client, letter, chidi):
        bela = cast.bela(letter)
        for reason in ("other", "not_me", "not_real"):
            client.post(place(bela.listing), {"reason": reason})
        assert bela.reports.get().reason == "not_me"
        ben = cast.confirmed(letter, email="ben@people.example", name="Ben Adler")
        client.post(place(ben.listing), {"reason": "other"})
        moderating.approve(ben, by=chidi)
        client.post(place(ben.listing), NOT_ME)
        assert cast.fresh(ben).is_waiting() and ben.reports.get().closed_at is None

    def test_a_name_is_reported_only_so_often_before_somebody_looks(self, client, letter, chidi):
        Limit.objects.create(name="open_reports_per_name", value=2)
        bela = cast.bela(letter)
        for number in range(4):
            client.post(place(bela.listing), NOT_ME, **from_network(number))
        assert bela.reports.count() == 2
        moderating.approve(bela, by=chidi)
        client.post(place(Listing.objects.get()), NOT_ME, **from_network(9))
        assert cast.fresh(bela).is_waiting()

    def test_the_database_keeps_one_report_a_network_and_name(self, letter):
        bela = cast.bela(letter)
        Report.objects.create(signature=bela, reason="other", network="a")
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.create(signature=bela, reason="other", network="a")
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.create(signature=bela, reason="spite")


class TestNamesThatLeaveTheList:
    @pytest.fixture
    def bela(self, client, letter):
        bela = cast.bela(letter)
        client.post(place(bela.listing), NOT_ME)
        return bela

    @pytest.mark.parametrize("leave", [signing.hide, signing.withdraw, signing.erase])
    def test_their_reports_are_closed(self, bela, letter, leave):
        leave(bela)
        enrolling.enrol()
        assert not bela.reports.filter(closed_at=None).exists()
        assert cast.fresh(bela).reported_at is None and queue.first(letter) == []

    def test_hidden_and_erased_later_the_queue_opens(self, bela, letter):
        signing.hide(bela)
        enrolling.enrol()
        forgetting.forget_letter(letter, why="its time is over", at=timezone.now())
        assert queue.first(letter) == []

    def test_held_and_erased_the_queue_opens(self, bela, letter):
        suspecting.hold([bela], reason=WHY)
        enrolling.enrol()
        forgetting.forget_letter(letter, why="its time is over", at=timezone.now())
        assert queue.first(letter) == []

    def test_one_that_was_left_open_has_no_name(self, bela, letter):
        signing.hide(bela)
        enrolling.enrol()
        forgetting.forget_letter(letter, why="its time is over", at=timezone.now())
        Signature.objects.filter(pk=bela.pk).update(reported_at=timezone.now())
        (waiting,) = queue.first(letter)
        assert waiting.name == ""


class TestDeciding:
    @pytest.fixture
    def reported(self, client, letter):
        bela = cast.bela(letter)
        client.post(place(bela.listing), NOT_ME)
        return cast.fresh(bela)

    def decide(self, chidi, signature, **answers):
        desk = Client()
        entering.enter(desk, chidi)
        return desk.post(f"/desk/letters/clean-rivers/signatures/{signature.public_id}/", answers)

    def test_approving_keeps_the_name_and_closes_the_reports(self, reported, letter, chidi):
        self.decide(chidi, reported, act="approve")
        enrolling.enrol()
        assert queue.first(letter) == []
        assert not reported.reports.filter(closed_at=None).exists()
        assert Listing.objects.get().name == "Bela Horvát"
        assert reported.decisions.get().verdict == "approve"

    def test_rejecting_removes_the_name_on_a_ground_the_public_may_know(self, reported, letter, chidi):
        self.decide(chidi, reported, act="reject", reason=WHY, ground="fake")
        enrolling.enrol()
        assert not Listing.objects.exists()
        assert enrolling.tally(letter).signatures == 0
        assert not reported.reports.filter(closed_at=None).exists()
        decision = reported.decisions.get()
        assert (decision.verdict, decision.reason, decision.ground) == ("reject", WHY, "fake")

    def test_a_rejection_without_a_ground_is_for_something_else(self, reported, chidi):
        self.decide(chidi, reported, act="reject", reason=WHY)
        assert reported.decisions.get().ground == "other"

    def test_an_unknown_ground_is_refused(self, reported, chidi):
        assert self.decide(chidi, reported, act="reject", reason=WHY, ground="spite").status_code == 422
        assert not reported.decisions.exists()

    def test_what_is_reinstated_is_back(self, reported, letter, chidi):
        self.decide(chidi, reported, act="reject", reason=WHY, ground="fake")
        self.decide(chidi, reported, act="reinstate", reason="He did sign.")
        enrolling.enrol()
        assert Listing.objects.get().name == "Bela Horvát"
        assert not cast.fresh(reported).is_waiting()

    def test_a_signer_who_withdraws_leaves_the_queue(self, reported, letter):
        signing.withdraw(reported)
        assert queue.first(letter) == []

    def test_a_correction_of_a_reported_name_is_decided_with_it(self, client, letter, chidi):
        union = cast.union(letter)
        moderating.approve(union, by=chidi)
        enrolling.enrol()
        client.post(place(union.listing), NOT_ME)
        signing.correct(union, name="Harbour Workers’ League")
        self.decide(chidi, union, act="reject", reason=WHY, ground="not_itself")
        union = cast.fresh(union)
        assert union.rejected_at
        assert union.corrected_name is None
        assert union.decisions.last().ground == "not_itself"

    def test_only_rejections_have_a_ground(self, reported, chidi):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(signature=reported, verdict="approve", by=chidi, ground="fake")


class TestForgetting:
    def test_a_network_is_forgotten_in_a_day_and_a_report_30_days_after_its_decision(
        self, client, letter, chidi
    ):
        bela, now = cast.bela(letter), timezone.now()
        client.post(place(bela.listing), NOT_ME)
        assert bela.reports.get().network
        forgetting.forget(at=now + timedelta(hours=25))
        assert bela.reports.get().network is None
        forgetting.forget(at=now + timedelta(days=300))
        assert bela.reports.count() == 1, "it still waits"
        moderating.approve(bela, by=chidi)
        forgetting.forget(at=now + timedelta(days=29))
        assert bela.reports.count() == 1
        forgetting.forget(at=now + timedelta(days=31))
        assert not bela.reports.exists()

    def test_a_report_of_a_withdrawn_signature_goes_too(self, client, letter):
        bela = cast.bela(letter)
        client.post(place(bela.listing), NOT_ME)
        signing.withdraw(bela)
        forgetting.forget(at=timezone.now() + timedelta(days=31))
        assert not Report.objects.exists()

    def test_a_listed_name_whose_signature_is_erased_can_still_be_reported_and_removed(
        self, client, letter, chidi
    ):
        bela = cast.bela(letter)
        forgetting.forget_letter(letter, why="its time is over", at=timezone.now())
        client.post(place(bela.listing), NOT_ME)
        (waiting,) = queue.first(letter)
        assert waiting.name == "Bela Horvát"
        moderating.reject(bela, by=chidi, reason=WHY, ground="fake")
        enrolling.enrol()
        assert not Listing.objects.exists()
        assert enrolling.tally(letter).signatures == 0
