from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from letters import publishing
from letters.models import Letter
from signatories import confirming, signing
from signatories.enrolled import enrolling, receipts, roll
from signatories.models import Entry, Listing, Signature, Tally, TreeHead, Visibility
from tests import cast

pytestmark = pytest.mark.django_db


def lines(letter: Letter) -> list[str]:
    return [entry.line for entry in Entry.objects.filter(version=letter.current).order_by("index")]


def check(letter: Letter) -> None:
    """Everything anybody can recompute about a letter's roll agrees."""
    text, tally = lines(letter), Tally.objects.get(version=letter.current)
    head = TreeHead.objects.filter(version=letter.current).last()
    assert tally.signatures == sum(line[0] == "+" for line in text) - sum(line[0] == "-" for line in text)
    assert tally.signatures == Signature.objects.standing().filter(version=letter.current).count()
    assert (head.size, head.root) == (len(text), roll.root(text))
    assert roll.is_signed(receipts.head_of(head), key=roll.public_key())


def test_a_confirmed_signature_gets_one_line_however_often_the_clock_fires():
    letter = cast.clean_rivers()
    cast.bela(letter)
    assert enrolling.enrol() == 0
    assert len(lines(letter)) == 1
    check(letter)


def test_asvs38_an_unconfirmed_signature_is_in_nothing():
    letter = cast.clean_rivers()
    cast.ada(letter)
    assert enrolling.enrol() == 0
    assert lines(letter) == []
    assert enrolling.tally(letter).signatures == 0
    assert not Listing.objects.exists()


def test_only_public_names_are_listed():
    letter = cast.clean_rivers()
    for number, visibility in enumerate(Visibility.values):
        cast.confirmed(
            letter, email=f"p{number}@people.example", name=f"P {visibility}", visibility=visibility
        )
    assert enrolling.tally(letter).persons == 3
    assert [listing.name for listing in Listing.objects.all()] == ["P public"]


def test_t36_withdrawing_appends_a_departure_and_lowers_the_count_once():
    letter = cast.clean_rivers()
    bela = cast.bela(letter)
    cast.ada(letter)
    for _ in range(2):
        signing.withdraw(bela)
        enrolling.enrol()
    assert lines(letter)[1:] == ["-0"]
    assert enrolling.tally(letter).signatures == 0
    assert not Listing.objects.exists()
    check(letter)


def test_signing_erasing_and_signing_again_counts_once():
    letter = cast.clean_rivers()
    for _ in range(3):
        signing.erase(cast.bela(letter))
        enrolling.enrol()
    cast.bela(letter)
    assert enrolling.tally(letter).signatures == 1
    check(letter)


def test_a_corrected_name_changes_the_line_and_not_the_count():
    letter = cast.clean_rivers()
    bela = cast.bela(letter)
    assert signing.correct(bela, name="Béla Horvát")
    enrolling.enrol()
    assert len(lines(letter)) == 3
    assert enrolling.tally(letter).signatures == 1
    assert Listing.objects.get().name == "Béla Horvát"
    check(letter)


def test_a_hidden_name_leaves_the_list_and_stays_in_the_count():
    letter = cast.clean_rivers()
    signing.hide(cast.bela(letter))
    enrolling.enrol()
    assert not Listing.objects.exists()
    assert len(lines(letter)) == 1
    assert enrolling.tally(letter).signatures == 1


def test_a_receipt_proves_its_line():
    letter = cast.clean_rivers()
    signatures = [cast.confirmed(letter, email=f"p{n}@people.example", name=f"Person {n}") for n in "abcde"]
    for signature in signatures:
        paper = receipts.receipt(signature)
        leaf = f"+{roll.commitment(paper['receipt'])}"
        head = paper["head"]
        assert roll.proves(
            leaf, index=paper["index"], size=head["size"], path=paper["proof"], root=head["root"]
        )


def names(letter: Letter) -> list[str]:
    return [listing.name for listing in Listing.objects.filter(letter=letter)]


def ticks(*, start: datetime, minutes: int) -> list[datetime]:
    """Let the clock fire once a minute; the moments at which something was settled."""
    moments = [start + timedelta(minutes=minute) for minute in range(minutes)]
    return [moment for moment in moments if enrolling.enrol(at=moment)]


def confirm_at(moment: datetime, letter: Letter, number: int) -> Signature:
    """Somebody confirms at that moment, publicly."""
    signature = confirming.confirm(
        cast.ada(letter, name=f"Person {number}", email=f"p{number}@people.example")
    )
    Signature.objects.filter(pk=signature.pk).update(confirmed_at=moment, unsettled_at=moment)
    return cast.fresh(signature)


def test_t33_two_signatures_five_seconds_apart_appear_in_one_batch():
    letter, now = cast.quiet_streets(), timezone.now()
    confirm_at(now, letter, 1)
    assert enrolling.enrol(at=now) == 0
    confirm_at(now + timedelta(seconds=5), letter, 2)
    (batch,) = ticks(start=now, minutes=16)
    assert batch >= now + timedelta(minutes=9)
    assert enrolling.tally(letter).persons == 2
    assert TreeHead.objects.count() == 1


def test_t33_the_clock_of_batches_runs_whether_or_not_anybody_signs():
    letter, now = cast.quiet_streets(), timezone.now()
    cast.bela(letter)
    ticks(start=now, minutes=300)
    for number in range(4):
        moment = now + timedelta(hours=5 + number)
        before = enrolling.tally(letter).persons
        confirm_at(moment, letter, number)
        enrolling.enrol(at=moment + timedelta(seconds=2))
        assert enrolling.tally(letter).persons == before, "after a silence, and though the clock came late"
        ticks(start=moment, minutes=17)
        assert enrolling.tally(letter).persons == before + 1


def test_t33_a_name_is_listed_an_hour_after_it_was_confirmed_and_counts_before():
    letter, now = cast.quiet_streets(), timezone.now()
    confirm_at(now, letter, 1)
    ticks(start=now, minutes=59)
    assert enrolling.tally(letter).persons == 1
    assert names(letter) == []
    ticks(start=now + timedelta(minutes=60), minutes=17)
    assert names(letter) == ["Person 1"]
    check(letter)
    assert len(lines(letter)) == 1


def test_t33_a_name_withdrawn_or_hidden_within_the_hour_is_never_listed():
    letter, now = cast.quiet_streets(), timezone.now()
    withdrawn, hidden = confirm_at(now, letter, 1), confirm_at(now, letter, 2)
    ticks(start=now, minutes=17)
    signing.withdraw(withdrawn)
    signing.hide(hidden)
    ticks(start=now + timedelta(minutes=17), minutes=120)
    assert names(letter) == []
    assert enrolling.tally(letter).persons == 1


def test_t33_a_listed_name_leaves_with_the_next_batch():
    letter, now = cast.quiet_streets(), timezone.now() + timedelta(hours=2)
    signing.hide(cast.bela(letter))
    enrolling.enrol(at=now)
    ticks(start=now, minutes=17)
    assert names(letter) == []


def test_t33_the_roll_does_not_keep_the_order_of_confirming():
    letter, now = cast.quiet_streets(), timezone.now()
    confirmed = [confirm_at(now + timedelta(seconds=n), letter, n).pk for n in range(30)]
    ticks(start=now + timedelta(minutes=1), minutes=17)
    enrolled = list(Entry.objects.order_by("index").values_list("signature", flat=True))
    assert sorted(enrolled) == confirmed
    assert enrolled != confirmed


def test_all_versions_of_a_letter_at_risk_change_at_one_moment():
    letter, now = cast.quiet_streets(), timezone.now()
    confirm_at(now, letter, 1)
    enrolling.enrol(at=now)
    publishing.amend(letter)
    publishing.publish(letter)
    letter = Letter.objects.get(pk=letter.pk)
    confirm_at(now + timedelta(minutes=3), letter, 2)
    assert len(ticks(start=now, minutes=16)) == 1
    assert len(set(Tally.objects.values_list("next_batch_at", flat=True))) == 1


def test_the_database_refuses_a_second_living_line():
    letter = cast.clean_rivers()
    bela = cast.bela(letter)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(version=letter.current, index=9, leaf="00", signature=bela)


@pytest.mark.parametrize("visibility", ["public", "recipient"])
def test_the_database_lets_nobody_raise_who_sees_a_name(visibility):
    bela = cast.bela(cast.clean_rivers(), visibility="counted")
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.filter(pk=bela.pk).update(visibility=visibility)


def test_the_database_keeps_tree_heads_as_they_were_signed():
    cast.bela(cast.clean_rivers())
    with pytest.raises(IntegrityError), transaction.atomic():
        TreeHead.objects.update(root="00")


def test_it_asks_as_many_questions_for_forty_as_for_four():
    letter = cast.clean_rivers()
    cast.bela(letter)
    asked = []
    for crowd in (4, 40):
        for number in range(crowd):
            confirming.confirm(cast.attempt(letter, email=f"p{number}@{crowd}.example"))
        with CaptureQueriesContext(connection) as queries:
            assert enrolling.enrol() == crowd
        asked.append(len(queries))
    assert asked[0] == asked[1]
