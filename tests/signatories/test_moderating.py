import threading

import pytest
from django.db import connection

from accounts.models import Trail
from letters.models import Letter
from organisations.models import Organisation
from signatories import moderating, signing
from signatories.enrolled import enrolling
from signatories.models import Decision, Listing, Signature
from tests import cast

pytestmark = pytest.mark.django_db

WHY = "The mailbox is not theirs."


@pytest.fixture
def letter() -> Letter:
    return cast.clean_rivers()


@pytest.fixture
def chidi(letter):
    return cast.chidi(letter)


def settled(signature: Signature) -> Signature:
    enrolling.enrol(at_once=True)
    return cast.fresh(signature)


def organisations(letter: Letter) -> int:
    return enrolling.tally(letter).organisations


def verdicts(signature: Signature) -> list[str]:
    return list(signature.decisions.exclude(by=None).values_list("verdict", flat=True))


class TestApproving:
    def test_what_is_held_counts_and_is_listed(self, letter, chidi):
        union = cast.union(letter)
        assert organisations(letter) == 0
        moderating.approve(union, by=chidi)
        union = settled(union)
        assert organisations(letter) == 1
        assert union.is_standing()
        assert Listing.objects.get().name == "Harbour Workers' Union"

    def test_the_organisation_is_known_from_now_on_and_sealed(self, letter, chidi):
        moderating.approve(cast.union(letter), by=chidi)
        known = Organisation.objects.get()
        assert (known.name, known.website) == ("Harbour Workers' Union", "https://harbour-workers.example/")
        with connection.cursor() as cursor:
            cursor.execute("SELECT text, website FROM organisations_name, organisations_organisation")
            assert all(b"arbour" not in bytes(value) for value in cursor.fetchone())

    def test_it_is_recognised_under_the_next_letter(self, letter, chidi):
        moderating.approve(cast.union(letter), by=chidi)
        other = cast.letter("quiet-nights", "Quiet Nights")
        moderating.approve(cast.union(other, organisation="HARBOUR  Workers' Union"), by=chidi)
        assert Organisation.objects.count() == 1

    def test_it_is_a_decision_and_a_line_of_the_trail(self, letter, chidi):
        union = cast.union(letter)
        moderating.approve(union, by=chidi, reason="They answered the telephone.")
        decision = Decision.objects.get(by=chidi)
        assert (decision.signature, decision.verdict) == (union, "approve")
        assert decision.reason == "They answered the telephone."
        line = Trail.objects.get(about_id=union.pk)
        assert (line.who, line.what) == (chidi, "signature approve")
        assert "Harbour" not in str(line.detail)

    def test_one_organisation_signs_a_letter_once(self, letter, chidi):
        moderating.approve(cast.union(letter), by=chidi)
        again = cast.union(letter, email="treasurer@harbour-workers.example")
        with pytest.raises(moderating.OrganisationAlreadySigned):
            moderating.approve(again, by=chidi)
        assert verdicts(again) == []
        assert settled(again).is_waiting()
        assert organisations(letter) == 1

    def test_what_nobody_confirmed_does_not_wait(self, letter, chidi):
        with pytest.raises(moderating.NotWaiting):
            moderating.approve(cast.ada(letter), by=chidi)
        assert Decision.objects.count() == 0

    def test_what_stands_does_not_wait(self, letter, chidi):
        with pytest.raises(moderating.NotWaiting):
            moderating.approve(cast.bela(letter), by=chidi)

    def test_what_was_withdrawn_meanwhile_stays_withdrawn(self, letter, chidi):
        union = cast.union(letter)
        signing.withdraw(union)
        with pytest.raises(moderating.NotWaiting):
            moderating.approve(union, by=chidi)
        assert settled(union).withdrawn_at
        assert organisations(letter) == 0


class TestRejecting:
    def test_what_is_rejected_counts_nowhere(self, letter, chidi):
        union = cast.union(letter)
        moderating.reject(union, by=chidi, reason=WHY)
        union = settled(union)
        assert union.rejected_at
        assert not union.is_waiting()
        assert organisations(letter) == 0
        assert not Listing.objects.exists()

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_it_takes_a_reason(self, letter, chidi, reason):
        union = cast.union(letter)
        with pytest.raises(moderating.ReasonMissing):
            moderating.reject(union, by=chidi, reason=reason)
        assert cast.fresh(union).is_waiting()

    def test_whoever_comes_second_changes_nothing(self, letter, chidi):
        union = cast.union(letter)
        moderating.approve(union, by=chidi)
        with pytest.raises(moderating.NotWaiting):
            moderating.reject(union, by=chidi, reason=WHY)
        assert verdicts(union) == ["approve"]
        assert settled(union).is_standing()

    def test_the_rejected_may_sign_again_by_another_mailbox(self, letter, chidi):
        moderating.reject(cast.union(letter), by=chidi, reason=WHY)
        again = cast.union(letter, email="treasurer@harbour-workers.example")
        moderating.approve(again, by=chidi)
        assert settled(again).is_standing()


class TestReinstating:
    def test_it_counts_after_all(self, letter, chidi):
        union = cast.union(letter)
        moderating.reject(union, by=chidi, reason=WHY)
        settled(union)
        moderating.reinstate(union, by=chidi, reason="It is theirs.")
        assert settled(union).organisation is not None
        assert organisations(letter) == 1
        assert verdicts(union) == ["reject", "reinstate"]

    def test_only_what_is_rejected_can_be_reinstated(self, letter, chidi):
        with pytest.raises(moderating.NotWaiting):
            moderating.reinstate(cast.union(letter), by=chidi, reason="Why not?")

    def test_what_was_erased_cannot(self, letter, chidi):
        union = cast.union(letter)
        moderating.reject(union, by=chidi, reason=WHY)
        signing.erase(union)
        with pytest.raises(moderating.NotWaiting):
            moderating.reinstate(union, by=chidi, reason="It is theirs.")

    def test_not_beside_another_signature_of_the_same_organisation(self, letter, chidi):
        first = cast.union(letter)
        moderating.reject(first, by=chidi, reason=WHY)
        again = cast.union(letter, email="treasurer@harbour-workers.example")
        moderating.approve(again, by=chidi)
        with pytest.raises(moderating.OrganisationAlreadySigned):
            moderating.reinstate(first, by=chidi, reason="Both.")
        settled(again)
        assert organisations(letter) == 1


class TestCorrections:
    @pytest.fixture
    def union(self, letter, chidi):
        union = cast.union(letter)
        moderating.approve(union, by=chidi)
        signing.correct(settled(union), name="Harbour Workers' and Dockers' Union")
        return settled(union)

    def test_the_old_name_stands_until_approved(self, letter, union):
        assert union.is_waiting()
        assert union.is_standing()
        assert Listing.objects.get().name == "Harbour Workers' Union"

    def test_approved_it_is_the_name_and_the_count_stays(self, letter, union, chidi):
        salt = union.salt
        moderating.approve(union, by=chidi)
        union = settled(union)
        assert Listing.objects.get().name == union.organisation_name == "Harbour Workers' and Dockers' Union"
        assert (union.corrected_name, union.corrected_at) == (None, None)
        assert union.salt != salt
        assert union.organisation is not None
        assert union.organisation.name == union.organisation_name
        assert organisations(letter) == 1

    def test_rejected_only_the_correction_goes(self, letter, union, chidi):
        moderating.reject(union, by=chidi, reason="That is another union.")
        union = settled(union)
        assert union.is_standing()
        assert not union.is_waiting()
        assert union.organisation_name == "Harbour Workers' Union"
        assert organisations(letter) == 1

    def test_a_name_that_stands_already_is_refused(self, letter, union, chidi):
        other = cast.union(
            letter, organisation="Harbour Workers' and Dockers' Union", email="dockers@dockers.example"
        )
        moderating.approve(other, by=chidi)
        with pytest.raises(moderating.OrganisationAlreadySigned):
            moderating.approve(union, by=chidi)
        assert cast.fresh(union).organisation_name == "Harbour Workers' Union"

    def test_held_and_corrected_are_decided_in_one(self, letter, chidi):
        held = cast.union(letter)
        signing.correct(held, name="Dockers of the Harbour")
        moderating.approve(held, by=chidi)
        assert settled(held).shown_name() == "Dockers of the Harbour"
        assert not settled(held).is_waiting()


@pytest.mark.django_db(transaction=True)
def test_of_two_moderators_at_once_one_decides():
    letter = cast.clean_rivers()
    union, chidi = cast.union(letter), cast.chidi(letter)
    outcomes, start = [], threading.Barrier(2)

    def decide(act, **reason):
        start.wait()
        try:
            act(union, by=chidi, **reason)
            outcomes.append("decided")
        except moderating.NotWaiting:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=[moderating.approve]),
        threading.Thread(target=decide, args=[moderating.reject], kwargs={"reason": WHY}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["decided", "too late"]
    assert len(verdicts(union)) == 1
