import string
from datetime import timedelta

import pytest
from django.utils import timezone

from organisations.models import Organisation
from outbox.models import Message
from scrutiny import challenging
from scrutiny.clues import Clues
from scrutiny.models import Gathering, Limit, Watched
from signatories import confirming, forgetting, moderating, queue, signing, tokens
from signatories.enrolled import enrolling
from signatories.judging import suspecting, sweeping
from signatories.models import Decision, Listing, Signature
from spaces import opening
from tests import cast, solving

pytestmark = pytest.mark.django_db

WHY = "Many signatures of one kind came at once."


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def chidi(letter):
    return cast.chidi(letter)


def settled(signature):
    enrolling.enrol(at_once=True)
    return cast.fresh(signature)


def count(letter):
    return enrolling.tally(letter).signatures


def reasons(signature):
    return [hold.reason for hold in signature.decisions.filter(verdict=Decision.Verdict.HOLD)]


class TestHolding:
    def test_what_is_held_leaves_count_and_list_until_it_is_approved(self, letter, chidi):
        bela = cast.bela(letter)
        assert count(letter) == 1
        assert suspecting.hold([bela], reason=WHY) == 1
        assert settled(bela).is_waiting() and not Listing.objects.exists()
        assert count(letter) == 0 and reasons(bela) == [WHY]
        moderating.approve(bela, by=chidi)
        assert settled(bela).is_standing()
        assert count(letter) == 1

    def test_it_holds_once_for_one_reason(self, letter, chidi):
        bela = cast.bela(letter)
        assert [suspecting.hold([bela], reason=WHY) for _ in range(2)] == [1, 0]
        moderating.approve(bela, by=chidi)
        assert suspecting.hold([bela], reason=WHY) == 0
        assert cast.fresh(bela).is_standing()
        assert suspecting.hold([bela], reason="Its mailbox is gone.") == 1

    def test_what_is_over_stays_as_it_is(self, letter, chidi):
        rejected, withdrawn = cast.union(letter), cast.bela(letter)
        moderating.reject(rejected, by=chidi, reason=WHY)
        signing.withdraw(withdrawn)
        deleted = cast.ada(letter)
        confirming.delete(deleted)
        assert suspecting.hold(Signature.objects.all(), reason=WHY) == 0
        assert not Signature.objects.filter(held_at__isnull=False).exists()

    def test_many_are_held_in_few_statements(self, letter, django_assert_max_num_queries):
        rows = [cast.ada(letter, email=f"ada@place{number}.example") for number in range(20)]
        with django_assert_max_num_queries(6):
            assert suspecting.hold(rows, reason=WHY) == 20


class TestHeldBeforeMail:
    @pytest.fixture
    def held(self, letter):
        attempt = cast.ada(letter)
        suspecting.hold([attempt], reason=WHY)
        return cast.fresh(attempt)

    def test_no_mail_leaves_and_it_waits_for_a_person(self, held, letter, mails):
        assert mails() == []
        assert Message.objects.get().last_reply == "a moderator looks at the attempt"
        assert held.is_waiting() and list(letter.signatures.waiting()) == [held]

    def test_asking_again_brings_no_mail_either(self, held, letter, mails):
        confirming.ask_for_links(purpose="confirm", email=cast.ADA, letter=letter)
        assert mails() == []

    def test_t26_approved_its_mail_leaves_and_only_its_owner_makes_it_count(self, held, letter, chidi, mails):
        mails()
        moderating.approve(held, by=chidi)
        assert count(letter) == 0 and not settled(held).is_standing()
        (mail,) = mails()
        assert mail.to == cast.ADA
        row = cast.fresh(held)
        assert timezone.now() - row.mailed_at < timedelta(minutes=1)
        confirming.confirm(row)
        assert settled(held).is_standing() and count(letter) == 1

    def test_a_clean_attempt_of_the_same_address_has_its_mail(self, held, letter, mails):
        clean = cast.ada(letter)
        (mail,) = mails()
        assert tokens.code(clean) in mail.text
        assert cast.fresh(held).mailed_at is None

    def test_confirmed_behind_the_clean_ones_link_it_still_waits(self, held, letter):
        assert held in confirming.open_attempts(cast.ada(letter, name="Ada O. Okoye"))
        confirming.confirm(held)
        assert settled(held).is_waiting() and count(letter) == 0

    def test_rejected_its_link_is_as_good_as_expired(self, held, chidi):
        moderating.reject(held, by=chidi, reason=WHY)
        with pytest.raises(confirming.AttemptExpired):
            confirming.confirm(held)
        assert cast.fresh(held).confirmed_at is None

    def test_rejected_it_is_erased_after_thirty_days(self, held, chidi):
        moderating.reject(held, by=chidi, reason=WHY)
        forgetting.forget(at=timezone.now() + timedelta(days=29))
        assert cast.fresh(held).email
        forgetting.forget(at=timezone.now() + timedelta(days=31))
        assert not Signature.objects.filter(pk=held.pk, erased_at=None).exists()

    def test_reinstated_its_mail_leaves(self, held, letter, chidi, mails):
        moderating.reject(held, by=chidi, reason=WHY)
        assert mails() == []
        moderating.reinstate(held, by=chidi, reason="They called.")
        assert len(mails()) == 1 and count(letter) == 0

    def test_an_organisation_is_recognised_only_once_it_is_confirmed(self, letter, chidi):
        attempt = cast.attempt(letter, kind="organisation", organisation="Mill Society", email=cast.UNION)
        suspecting.hold([attempt], reason=WHY)
        row = moderating.approve(attempt, by=chidi)
        assert row.organisation is None
        confirming.confirm(attempt)
        assert settled(attempt).is_waiting()

    def test_nobody_looks_at_it_any_more_once_its_time_is_over(self, held, letter):
        forgetting.forget(at=timezone.now() + timedelta(days=15))
        assert not letter.signatures.waiting().exists()
        assert not cast.fresh(held).is_waiting()


def codes(signature):
    return {row["code"] for row in cast.fresh(signature).suspicions}


def scored(signature):
    """As if its mail were built now."""
    suspecting.lets_mail_leave(signature)
    return cast.fresh(signature)


def mark(number):
    """What stands for a network."""
    return f"{number:064x}"


class TestScoring:
    def test_an_ordinary_attempt_scores_nothing_and_has_its_mail(self, letter, mails):
        ada = cast.ada(letter)
        assert ada.scored_at is None
        assert len(mails()) == 1
        row = cast.fresh(ada)
        assert (row.score, row.suspicions) == (0, []) and row.scored_at

    def test_it_is_scored_once(self, letter):
        ada = scored(cast.ada(letter))
        Signature.objects.filter(pk=ada.pk).update(clues={"is_trapped": True})
        assert scored(cast.fresh(ada)).score == 0

    def test_between_the_thresholds_mail_leaves_and_a_person_looks_after_confirming(self, letter, mails):
        ada = cast.ada(letter, clues=Clues(is_trapped=True))
        assert len(mails()) == 1
        assert cast.fresh(ada).held_at is None
        confirming.confirm(cast.mail_has_left(ada, ago=timedelta(minutes=1)))
        row = settled(ada)
        assert row.is_waiting() and row.score == 40 and count(letter) == 0
        assert reasons(ada) == ["The field that people do not see was filled in."]

    def test_above_both_no_mail_leaves(self, letter, mails):
        clues = Clues(is_trapped=True, has_languages=False)
        ada = cast.ada(letter, name="Ada 3", email="ada@mailinator.com", clues=clues)
        assert mails() == []
        row = cast.fresh(ada)
        assert row.score == 80 and row.is_waiting() and row.mailed_at is None
        assert len(reasons(ada)[0].splitlines()) == 4

    def test_asking_for_the_link_first_changes_nothing(self, letter, mails):
        ada = cast.ada(letter, email="ada@mailinator.com", clues=Clues(is_trapped=True))
        Message.objects.all().delete()
        confirming.ask_for_links(purpose="confirm", email="ada@mailinator.com", letter=letter)
        assert mails() == [] and cast.fresh(ada).is_waiting()

    def test_let_go_it_is_not_held_for_the_same_again(self, letter, chidi, mails):
        ada = cast.ada(letter, email="ada@mailinator.com", clues=Clues(is_trapped=True))
        mails()
        moderating.approve(ada, by=chidi)
        assert len(mails()) == 1
        Signature.objects.filter(pk=ada.pk).update(mailed_at=timezone.now() - timedelta(hours=1))
        confirming.confirm(cast.fresh(ada))
        assert settled(ada).is_standing() and count(letter) == 1

    def test_what_is_new_since_holds_it(self, letter, chidi, mails):
        Limit.objects.create(name="points_for_hasty", value=30)
        ada = cast.ada(letter, email="ada@mailinator.com", clues=Clues(is_trapped=True))
        mails()
        moderating.approve(ada, by=chidi)
        confirming.confirm(cast.fresh(ada), is_by_hand=False)
        assert settled(ada).is_waiting()
        assert "within seconds" in reasons(ada)[-1]

    def test_the_desk_moves_what_it_weighs(self, letter):
        Limit.objects.create(name="points_for_trap", value=61)
        assert scored(cast.ada(letter, clues=Clues(is_trapped=True))).held_at

    def test_an_attempt_of_which_another_mail_told_is_scored_when_confirmed(self, letter):
        cast.ada(letter)
        second = cast.ada(letter, clues=Clues(is_trapped=True))
        Signature.objects.filter(pk=second.pk).update(scored_at=None, score=None, suspicions=[])
        confirming.confirm(second)
        assert settled(second).is_waiting()

    def test_erased_nothing_of_it_is_left(self, letter):
        ada = scored(cast.ada(letter, clues=Clues(is_trapped=True)))
        confirming.delete(ada)
        assert cast.fresh(ada).suspicions == []
        bela = scored(cast.ada(letter, email=cast.BELA, clues=Clues(is_trapped=True)))
        forgetting.forget(at=timezone.now() + timedelta(days=15))
        assert cast.fresh(bela).suspicions == []

    def test_it_takes_few_questions(self, letter, django_assert_max_num_queries):
        scored(cast.ada(letter))
        ada = cast.ada(letter, clues=Clues(network=mark(1), agent="chrome"))
        with django_assert_max_num_queries(4):
            suspecting.lets_mail_leave(ada)


class TestWork:
    def test_work_done_scores_nothing_and_is_good_for_one_attempt(self, letter):
        work = solving.solve(challenging.challenge(letter.slug, network=None))
        first = cast.ada(letter, clues=Clues(has_script=True, work=work))
        second = cast.ada(letter, email=cast.BELA, clues=Clues(has_script=True, work=work))
        assert codes(scored(first)) == set()
        assert codes(scored(second)) == {"no_work"}

    def test_work_is_missed_only_where_the_script_ran(self, letter):
        assert codes(scored(cast.ada(letter, clues=Clues(has_script=True)))) == {"no_work"}
        assert codes(scored(cast.ada(letter, clues=Clues(has_script=False)))) == set()


class TestCrowds:
    def many(self, letter, number, **changes):
        """So many attempts, each of another address and name."""
        address = changes.pop("email", "p{}@place{}.example")
        names = (f"Name {ending}" for ending in string.ascii_letters)
        return [
            cast.attempt(letter, email=address.format(i, i), **({"name": name} | changes))
            for i, name in zip(range(number), names, strict=False)
        ]

    def test_one_name_from_one_network(self, letter):
        clues = Clues(network=mark(1))
        rows = self.many(letter, 3, name="Ada Okoye", clues=clues)
        assert codes(scored(rows[-1])) == {"same_name"}

    def test_one_name_in_one_hall_is_no_suspicion_where_two_people_announced_a_gathering(self, letter, chidi):
        now = timezone.now()
        owner = type(chidi).objects.create(email="dora@desk.example", is_staff=True)
        Gathering.objects.create(
            letter=letter,
            what="Congress in the town hall",
            begins_at=now - timedelta(hours=1),
            ends_at=now + timedelta(hours=1),
            asked_by=chidi,
            approved_by=owner,
        )
        rows = [cast.attempt(letter, email=f"a{i}@gmail.com", clues=Clues(network=mark(1))) for i in range(3)]
        assert codes(scored(rows[-1])) == set()
        Gathering.objects.update(approved_by=None)
        rows = [cast.attempt(letter, email=f"b{i}@gmail.com", clues=Clues(network=mark(1))) for i in range(3)]
        assert codes(scored(rows[-1])) == {"same_name"}

    def test_one_name_from_many_networks_is_a_common_name(self, letter):
        rows = [cast.attempt(letter, email=f"a{i}@gmail.com", clues=Clues(network=mark(i))) for i in range(5)]
        assert codes(scored(rows[-1])) == set()

    def test_one_name_at_one_mail_domain_that_is_no_provider_once_others_have_confirmed(self, letter):
        rows = [cast.attempt(letter, email=f"a{i}@okoye.example") for i in range(3)]
        assert codes(scored(rows[-1])) == set()
        for row in rows[:2]:
            confirming.confirm(row)
        assert codes(scored(cast.attempt(letter, email="a4@okoye.example"))) == {"same_name"}

    def test_a_stranger_cannot_have_a_person_held_by_what_nobody_confirms(self, letter, mails):
        Limit.objects.create(name="browsers_looked_at", value=10)
        planted = Clues(network=mark(66), agent="safari")
        for number in range(2):
            cast.attempt(letter, email=f"a{number}@okoye.example", clues=planted)
        self.many(letter, 13, email="promo48{:02}@place{}.example", clues=planted)
        ada = cast.ada(letter, clues=Clues(network=mark(1), agent="safari"))
        assert codes(scored(ada)) == {"one_browser"}
        confirming.confirm(cast.mail_has_left(cast.fresh(ada), ago=timedelta(minutes=1)))
        assert settled(ada).is_standing()

    def test_nor_from_the_network_that_they_share(self, letter):
        Limit.objects.create(name="browsers_looked_at", value=10)
        shared = Clues(network=mark(1), agent="safari")
        for number in range(12):
            cast.attempt(letter, email=f"a{number}@okoye.example", clues=shared)
        ada = scored(cast.ada(letter, clues=shared))
        assert codes(ada) == {"one_browser", "same_name"} and ada.score == 29
        confirming.confirm(cast.mail_has_left(ada, ago=timedelta(minutes=1)))
        assert settled(ada).is_standing()

    def test_who_tries_again_is_one_and_the_same(self, letter):
        rows = [cast.ada(letter, clues=Clues(network=mark(1))) for _ in range(4)]
        assert codes(scored(rows[-1])) == set()

    def test_names_of_an_hour_ago_or_of_another_letter_do_not_count(self, letter):
        clues = Clues(network=mark(1))
        self.many(letter, 2, name="Ada Okoye", clues=clues)
        self.many(cast.quiet_streets(), 2, name="Ada Okoye", clues=clues)
        Signature.objects.update(created_at=timezone.now() - timedelta(minutes=61))
        assert codes(scored(cast.ada(letter, clues=clues))) == set()

    def test_addresses_of_one_pattern(self, letter):
        rows = self.many(letter, 20, email="promo48{:02}@place{}.example")
        assert [codes(scored(row)) for row in rows[:19]] == [set()] * 19
        assert codes(scored(rows[19])) == {"same_shape"}
        assert cast.fresh(rows[0]).clues["shape"] == "word+4"

    def test_a_rare_browser_of_nearly_all(self, letter):
        Limit.objects.create(name="browsers_looked_at", value=10)
        rows = self.many(letter, 10, clues=Clues(agent="curl"))
        assert codes(scored(rows[-1])) == {"one_browser"}
        rows = self.many(letter, 3, clues=Clues(agent="chrome"))
        assert codes(scored(rows[-1])) == set()
        assert codes(scored(cast.ada(letter, clues=Clues(agent="curl")))) == set()

    def test_a_network_that_confirms_little(self, letter):
        clues = Clues(network=mark(1))
        self.many(letter, 30, clues=clues)
        Signature.objects.update(created_at=timezone.now() - timedelta(minutes=30))
        assert codes(scored(cast.ada(letter, clues=clues))) == set()
        Signature.objects.update(created_at=timezone.now() - timedelta(hours=2))
        assert codes(scored(cast.ada(letter, email=cast.BELA, clues=clues))) == {"unconfirmed_network"}


class TestAtHome:
    """At a developer's own machine everybody signs from one place, with one tool, in a hurry."""

    def signs(self, letter, number, **clues):
        seen = Clues(agent="curl", has_languages=False, is_at_home=True, **clues)
        return cast.attempt(letter, email=f"ada.{number}@okoye.example", clues=seen)

    def test_many_of_one_name_are_counted_at_once(self, letter, mails):
        attempts = [self.signs(letter, number) for number in range(5)]
        assert len(mails()) == 5
        for attempt in attempts:
            confirming.confirm(cast.fresh(attempt), is_by_hand=False)
        enrolling.enrol(at_once=True)
        assert count(letter) == 5
        assert sweeping.sweep() == 0

    def test_a_trap_is_one_there_too(self, letter, mails):
        attempt = self.signs(letter, 1, is_trapped=True)
        assert len(mails()) == 1
        assert confirming.confirm(cast.fresh(attempt)).held_at


class TestConfirming:
    def test_seconds_after_the_mail_or_without_a_click_weighs_once(self, letter):
        ada = cast.mail_has_left(cast.ada(letter))
        confirming.confirm(ada, is_by_hand=False)
        row = settled(ada)
        assert codes(row) == {"hasty"} and row.score == 15 and row.is_standing()

    def test_a_scanner_that_clicks_at_once_tips_the_scales(self, letter):
        ada = cast.attempt(letter, email="ada@mailinator.com")
        cast.mail_has_left(scored(ada))
        confirming.confirm(cast.fresh(ada))
        assert settled(ada).is_waiting()
        assert len(reasons(ada)[0].splitlines()) == 2

    def test_late_it_is_looked_at_again(self, letter, fresh_cache):
        ada = scored(cast.ada(letter))
        Signature.objects.filter(pk=ada.pk).update(created_at=timezone.now() - timedelta(hours=25))
        Watched.objects.create(kind="name", text="Ada Okoye")
        fresh_cache()
        confirming.confirm(cast.fresh(ada))
        assert settled(ada).is_waiting() and codes(ada) == {"watched_name"}

    def test_soon_it_is_not(self, letter, fresh_cache):
        ada = scored(cast.ada(letter))
        Watched.objects.create(kind="name", text="Ada Okoye")
        fresh_cache()
        confirming.confirm(cast.fresh(ada))
        assert settled(ada).is_standing()

    def test_what_was_found_stays_found_though_the_clues_are_forgotten(self, letter):
        ada = scored(cast.ada(letter, clues=Clues(is_trapped=True)))
        Signature.objects.filter(pk=ada.pk).update(
            created_at=timezone.now() - timedelta(hours=25), clues=None, network=None
        )
        confirming.confirm(cast.fresh(ada))
        assert settled(ada).is_waiting()

    def test_forgotten_clues_score_nothing(self, letter):
        ada = cast.ada(letter, clues=Clues(is_trapped=True, has_languages=False, has_script=True))
        Signature.objects.filter(pk=ada.pk).update(clues=None, network=None)
        confirming.confirm(cast.fresh(ada))
        assert settled(ada).score == 0


class TestClaims:
    @pytest.mark.parametrize(
        "fields",
        [
            {"name": "Prof. Ada Okoye"},
            {"role": "Minister of Health"},
            {"affiliation": "Judge at a court"},
        ],
    )
    def test_titles_and_offices_have_their_mail_and_wait_for_a_person(self, letter, mails, fields):
        ada = cast.ada(letter, **fields)
        assert len(mails()) == 1
        confirming.confirm(cast.fresh(ada))
        row = settled(ada)
        assert row.is_waiting() and row.score < 30 and count(letter) == 0
        assert "claims" in reasons(ada)[0]

    def test_a_watched_name_waits_before_any_mail(self, letter, mails):
        Watched.objects.create(kind="name", text="Ada Okoye")
        ada = cast.ada(letter)
        assert mails() == [] and cast.fresh(ada).is_waiting()


class TestCorrections:
    """The old name stands, is listed and counts until a moderator has passed the new one."""

    @pytest.fixture
    def bela(self, letter):
        return cast.bela(letter)

    def listed(self, bela):
        row = settled(bela)
        assert row.is_standing() and count(row.letter) == 1
        return Listing.objects.get().name

    @pytest.mark.parametrize(
        ("name", "why"),
        [
            ("Prime Minister Bela Horvát", "claims a title or an office"),
            ("Bela Horvát 99", "has digits"),
            ("Somebody Else", "more than another spelling"),
        ],
    )
    def test_what_is_found_waits_and_the_reasons_are_shown(self, bela, letter, name, why):
        assert not signing.correct(bela, name=name)
        assert self.listed(bela) == "Bela Horvát"
        (waiting,) = queue.first(letter)
        assert waiting.signature.corrected_name == name
        assert any(why in reason for reason in waiting.reasons)
        assert not bela.decisions.exists()

    def test_a_name_that_a_crowd_has_waits(self, bela, letter):
        for number in range(3):
            row = cast.attempt(letter, email=f"a{number}@horvat.example", name="Bela Nagy")
            confirming.confirm(row)
        assert not signing.correct(bela, name="Bela Nagy")
        (waiting,) = [row for row in queue.first(letter) if row.signature == bela]
        assert any("same name" in reason for reason in waiting.reasons)

    @pytest.mark.parametrize("name", ["Béla Horváth", "Horvát Béla Imre", "Bella Horvatt"])
    def test_another_spelling_is_in_place_at_once(self, bela, name):
        assert signing.correct(bela, name=name)
        assert self.listed(bela) == name

    def test_approved_it_is_in_place(self, bela, chidi):
        signing.correct(bela, name="Somebody Else")
        moderating.approve(bela, by=chidi)
        assert self.listed(bela) == "Somebody Else"
        row = cast.fresh(bela)
        assert (row.corrected_name, row.corrected_at) == (None, None) and not row.is_waiting()
        assert row.name_key == signing.name_index("Somebody Else")

    def test_rejected_it_is_dropped_and_the_old_one_stands(self, bela, chidi):
        signing.correct(bela, name="Somebody Else")
        moderating.reject(bela, by=chidi, reason=WHY)
        assert self.listed(bela) == "Bela Horvát"
        assert cast.fresh(bela).corrected_name is None and not cast.fresh(bela).is_waiting()

    def test_who_thinks_better_of_it_waits_for_nobody(self, bela):
        signing.correct(bela, name="Somebody Else")
        assert signing.correct(bela, name="Béla Horvát")
        assert self.listed(bela) == "Béla Horvát" and not cast.fresh(bela).is_waiting()

    def test_what_was_let_go_once_is_looked_at_again(self, bela, chidi):
        signing.correct(bela, name="Prime Minister Bela Horvát")
        moderating.approve(bela, by=chidi)
        assert not signing.correct(bela, name="Senator Bela Horvát")
        assert signing.correct(bela, name="Bela Horváth")


class TestOrganisations:
    def recognise(self, letter, chidi, fresh_cache, name="Harbour Workers' Union"):
        union = cast.union(letter, organisation=name)
        moderating.approve(union, by=chidi)
        fresh_cache()
        return settled(union)

    @pytest.mark.parametrize(
        "spoof",
        ["Harbour Workers Union", "Harbor Workers' Union", "Harbour Workers' Uniom", "НARВОUR", "UNlCEF"],
    )
    def test_t11_copies_wait_with_the_name_they_resemble(self, letter, chidi, fresh_cache, spoof):
        self.recognise(letter, chidi, fresh_cache)
        self.recognise(letter, chidi, fresh_cache, name="Harbour")
        copy = cast.union(letter, organisation=spoof, email="post@copy.example")
        assert settled(copy).is_waiting() and not Listing.objects.filter(name=spoof).exists()
        assert "resembles" in reasons(copy)[0]
        (waiting,) = queue.first(letter)
        assert any("The name resembles that of" in reason for reason in waiting.reasons)
        assert len(waiting.reasons) == 2

    def test_its_own_name_resembles_nobody(self, letter, chidi, fresh_cache):
        self.recognise(letter, chidi, fresh_cache)
        cast.union(cast.quiet_streets(), email="post@copy.example")
        assert "resembles" not in reasons(Signature.objects.latest("pk"))[0]

    def test_a_space_on_trial_holds_nobody_back(self, letter, fresh_cache):
        opening.open_invited(cast.invited(letter), country="PT", website="")
        fresh_cache()
        cast.union(cast.quiet_streets())
        assert "resembles" not in reasons(Signature.objects.latest("pk"))[0]

    def test_a_corrected_name_shows_what_it_resembles(self, letter, chidi, fresh_cache):
        self.recognise(letter, chidi, fresh_cache)
        other = cast.union(letter, organisation="Old Mill Society", email="mill@old-mill.example")
        moderating.approve(other, by=chidi)
        signing.correct(other, name="Harbour Worker's Union")
        (waiting,) = queue.first(letter)
        assert any("Harbour Workers' Union" in reason for reason in waiting.reasons)

    def test_what_it_resembles_is_in_no_decision(self, letter, chidi, fresh_cache):
        self.recognise(letter, chidi, fresh_cache)
        cast.union(letter, organisation="Harbor Workers' Union", email="post@copy.example")
        assert not Decision.objects.filter(reason__contains="Harbo").exists()
        assert Organisation.objects.count() == 1
