from datetime import timedelta

import pytest
from django.utils import timezone

from outbox.models import Message
from signatories import confirming, enrolling, forgetting, moderating, signing, suspecting, tokens
from signatories.models import Decision, Listing, Signature
from tests import cast

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

    def test_approved_its_mail_leaves_and_only_its_owner_makes_it_count(self, held, letter, chidi, mails):
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
        assert held in confirming.open_attempts(cast.ada(letter))
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
