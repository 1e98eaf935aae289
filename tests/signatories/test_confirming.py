from datetime import timedelta

import pytest
from django.utils import timezone

from letters import publishing
from outbox import draining
from outbox.models import Message
from signatories import confirming, erasing, forgetting, moderating, signing, tokens
from signatories.models import CODE_TRIES, CODE_TRIES_IN_ALL, Decision, Signature
from tests import cast

pytestmark = pytest.mark.django_db


def test_t04_confirming_twice_is_as_good_as_once():
    attempt = cast.ada(cast.clean_rivers())
    first = confirming.confirm(attempt).confirmed_at
    assert confirming.confirm(attempt).confirmed_at == first
    assert Message.objects.filter(kind="thanks").count() == 1


def test_the_owner_picks_one_attempt_and_the_others_go():
    letter = cast.clean_rivers()
    forged, own = cast.ada(letter, name="Forged Name"), cast.ada(letter)
    assert {attempt.pk for attempt in confirming.open_attempts(own)} == {forged.pk, own.pk}
    confirming.confirm(own)
    forged = cast.fresh(forged)
    assert forged.deleted_at and forged.name is None and forged.email is None
    with pytest.raises(confirming.AttemptDeleted):
        confirming.confirm(forged)


def test_a_second_signature_of_one_address_changes_nothing():
    letter = cast.clean_rivers()
    bela = cast.bela(letter)
    again = cast.attempt(letter, email="BELA@Horvat.example", name="Somebody Else")
    assert confirming.confirm(again) == bela
    assert Signature.objects.confirmed().count() == 1


def test_the_secretary_signs_for_the_union_and_for_herself():
    letter = cast.clean_rivers()
    cast.union(letter)
    cast.confirmed(letter, name="Ines Duarte", email=cast.UNION)
    assert Signature.objects.confirmed().count() == 2


def test_an_organisation_waits_for_a_moderator_with_a_reason():
    union = cast.union(cast.clean_rivers())
    assert union.held_at and not union.enrolled_at
    assert Decision.objects.get(signature=union).verdict == Decision.Verdict.HOLD


def test_who_withdrew_may_sign_again():
    letter = cast.clean_rivers()
    signing.withdraw(cast.bela(letter))
    assert cast.bela(letter).withdrawn_at is None


def test_deleting_leaves_nothing_personal():
    attempt = cast.ada(cast.clean_rivers())
    for _ in range(2):
        confirming.delete(attempt)
    at_once = [field for field in Signature.PERSONAL if field not in erasing.MARKS]
    assert [getattr(cast.fresh(attempt), field) for field in at_once] == [None] * len(at_once)
    forgetting.forget_clues(at=timezone.now() + timedelta(hours=24))
    row = cast.fresh(attempt)
    assert [getattr(row, field) for field in Signature.PERSONAL] == [None] * len(Signature.PERSONAL)


def test_a_confirmed_signature_is_not_deleted_by_its_old_link():
    bela = cast.bela(cast.clean_rivers())
    confirming.delete(bela)
    assert cast.fresh(bela).name == "Bela Horvát"


class TestExpiry:
    def test_t04_it_lives_72_hours_from_the_moment_its_mail_left(self):
        attempt = cast.mail_has_left(cast.ada(cast.clean_rivers()), ago=timedelta(hours=71))
        assert not attempt.has_expired()
        attempt = cast.mail_has_left(attempt, ago=timedelta(hours=73))
        with pytest.raises(confirming.AttemptExpired):
            confirming.confirm(attempt)

    def test_it_waits_14_days_for_a_mail_that_could_not_leave(self):
        attempt = cast.ada(cast.clean_rivers())
        assert not attempt.has_expired(timezone.now() + timedelta(days=13))
        assert attempt.has_expired(timezone.now() + timedelta(days=15))

    def test_14_days_after_signing_it_is_over_however_late_the_mail_left(self):
        attempt = cast.ada(cast.clean_rivers())
        attempt.mailed_at = attempt.created_at + timedelta(days=13)
        assert attempt.expires_at() == attempt.created_at + timedelta(days=14)

    def test_closing_leaves_a_day_to_confirm(self):
        letter = cast.clean_rivers()
        attempt = cast.mail_has_left(cast.ada(letter), ago=timedelta(hours=2))
        publishing.close(letter, at=timezone.now() - timedelta(hours=1))
        attempt = cast.fresh(attempt)
        assert attempt.expires_at() == letter.closes_at + timedelta(hours=24)
        assert confirming.confirm(attempt).confirmed_at

    def test_a_mail_of_ours_that_left_after_closing_leaves_a_day_from_there(self):
        letter = cast.clean_rivers()
        attempt = cast.ada(letter)
        publishing.close(letter, at=timezone.now() - timedelta(hours=30))
        attempt = cast.mail_has_left(attempt, ago=timedelta(hours=3))
        assert attempt.expires_at() == attempt.mailed_at + timedelta(hours=24)

    def test_what_nobody_confirmed_is_erased_in_time(self):
        letter = cast.clean_rivers()
        cast.bela(letter)
        attempt = cast.mail_has_left(cast.ada(letter), ago=timedelta(hours=73))
        assert forgetting.forget() == 1
        assert cast.fresh(attempt).email is None
        assert Signature.objects.confirmed().exclude(email__isnull=True).count() == 1
        forgetting.forget(at=timezone.now() + timedelta(days=31))
        assert not Signature.objects.filter(pk=attempt.pk).exists()


class TestCode:
    def test_the_right_code_finds_the_attempt_and_confirms_nothing(self):
        letter = cast.clean_rivers()
        attempt = cast.ada(letter)
        assert confirming.by_code(letter, email=cast.ADA, code=tokens.code(attempt), network=None) == attempt
        assert cast.fresh(attempt).confirmed_at is None

    def test_after_five_wrong_codes_only_the_link_works(self):
        letter = cast.clean_rivers()
        attempt = cast.ada(letter)
        for _ in range(CODE_TRIES):
            assert confirming.by_code(letter, email=cast.ADA, code="AAAAAAAA", network=None) is None
        assert confirming.by_code(letter, email=cast.ADA, code=tokens.code(attempt), network=None) is None
        assert confirming.confirm(attempt).confirmed_at

    def test_what_is_confirmed_has_no_more_tries_than_what_is_not(self):
        letter = cast.clean_rivers()
        attempt = cast.ada(letter)
        confirming.confirm(attempt)
        for _ in range(CODE_TRIES):
            assert confirming.by_code(letter, email=cast.ADA, code="AAAAAAAA", network=None) is None
        assert confirming.by_code(letter, email=cast.ADA, code=tokens.code(attempt), network=None) is None

    def test_tries_are_counted_no_further_than_they_matter(self):
        letter = cast.clean_rivers()
        attempt = cast.ada(letter)
        Signature.objects.update(code_tries=CODE_TRIES_IN_ALL - 1)
        for _ in range(3):
            confirming.by_code(letter, email=cast.ADA, code="AAAAAAAA", network=None)
        assert cast.fresh(attempt).code_tries == CODE_TRIES_IN_ALL

    def test_the_codes_of_the_newest_twenty_attempts_work_and_of_older_ones_the_link(self):
        letter = cast.clean_rivers()
        oldest, *newest = [cast.ada(letter) for _ in range(21)]
        for attempt in newest:
            assert (
                confirming.by_code(letter, email=cast.ADA, code=tokens.code(attempt), network=None) == attempt
            )
        assert confirming.by_code(letter, email=cast.ADA, code=tokens.code(oldest), network=None) is None
        assert confirming.confirm(oldest).confirmed_at

    def test_strangers_who_sign_with_the_address_do_not_spoil_the_code_that_was_mailed(self):
        letter = cast.clean_rivers()
        mine = cast.ada(letter)
        draining.drain()
        code = tokens.code(mine)
        for _ in range(25):
            cast.ada(letter)
        draining.drain()
        assert confirming.by_code(letter, email=cast.ADA, code=code, network=None) == mine

    def test_a_code_belongs_to_one_address_and_one_letter(self):
        letter, other = cast.clean_rivers(), cast.quiet_streets()
        attempt = cast.ada(letter)
        assert (
            confirming.by_code(letter, email="x@y.example", code=tokens.code(attempt), network=None) is None
        )
        assert confirming.by_code(other, email=cast.ADA, code=tokens.code(attempt), network=None) is None


def test_two_organisations_of_one_address_are_no_rivals():
    letter = cast.clean_rivers()
    first = cast.attempt(letter, kind="organisation", organisation="Harbour Union", email=cast.UNION)
    again = cast.attempt(letter, kind="organisation", organisation="Harbour Union", email=cast.UNION)
    other = cast.attempt(letter, kind="organisation", organisation="Dock Union", email=cast.UNION)
    assert confirming.confirm(first) == first
    assert cast.fresh(again).deleted_at and not cast.fresh(other).deleted_at
    assert confirming.confirm(other) == other


def test_what_was_rejected_is_erased_after_thirty_days():
    letter = cast.clean_rivers()
    union, bela = cast.union(letter), cast.bela(letter)
    moderating.reject(union, by=cast.chidi(letter), reason="The mailbox is not theirs.")
    assert forgetting.forget(at=timezone.now() + timedelta(days=29)) == 0
    assert forgetting.forget(at=timezone.now() + timedelta(days=31)) == 1
    assert cast.fresh(union).organisation_name is None and cast.fresh(union).email is None
    assert cast.fresh(bela).email
