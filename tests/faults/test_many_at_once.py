"""The same thing asked many times at one moment: it happens once, and everybody is told the same."""

import pytest

from outbox import draining
from signatories import moderating
from signatories.enrolled import enrolling
from signatories.models import Signature
from tests import cast
from tests.faults.invariants import broken
from tests.faults.website import at_once, confirm_path, manage_path

pytestmark = pytest.mark.processes
MANY = 20
ROUNDS = 5


def drain_in_two():
    at_once([draining.drain] * 2)


def test_f21_twenty_equal_forms_at_once_are_one_mail_and_one_signature(site, letter, postbox):
    answers = at_once([lambda: site.sign(cast.ADA)] * MANY)
    assert {answer.status for answer in answers} == {303}
    assert len(set(answers)) == 1
    drain_in_two()
    assert postbox.recipients == [cast.ADA]
    attempts = list(Signature.objects.all())
    pages = at_once([lambda row=row: site.press(confirm_path(row), "confirm") for row in attempts])
    assert len(pages) == MANY
    assert Signature.objects.confirmed().count() == 1
    enrolling.enrol()
    assert enrolling.tally(letter).signatures == 1
    assert broken(postbox, journal=site.journal, typed=["Ada Okoye"]) == []


def test_f22_twenty_presses_of_one_button_at_once_confirm_once_and_thank_once(site, letter, postbox):
    path = confirm_path(cast.ada(letter))
    pages = at_once([lambda: site.press(path, "confirm")] * MANY)
    assert {page.status for page in pages} == {200}
    assert len(set(pages)) == 1
    drain_in_two()
    enrolling.enrol()
    assert Signature.objects.confirmed().count() == 1
    assert enrolling.tally(letter).signatures == 1
    assert postbox.recipients == [cast.ADA]
    assert broken(postbox, typed=["Ada Okoye"]) == []


def union_signs(site, number):
    """The attempt of a union that no other round has used."""
    answers = {"kind": "organisation", "organisation": f"Dock {'ABCDE'[number]} Union", "authorised": "on"}
    email = f"secretary{number}@harbour-workers.example"
    assert site.sign(email, website="https://harbour-workers.example/", **answers).status == 303
    return Signature.objects.latest("pk")


def decide(signature, verdict, chidi):
    """What a moderator tries; the verdict if it was in time."""

    def act():
        more = {"reason": "Not theirs."} if verdict == "reject" else {}
        try:
            getattr(moderating, verdict)(signature, by=chidi, **more)
        except moderating.NotWaiting:
            return None
        return verdict

    return act


def assert_legal(union, verdicts):
    """The one state that the verdicts which were in time lead to; withdrawing is possible in each."""
    assert len(verdicts) <= 1
    assert list(union.decisions.exclude(by=None).values_list("verdict", flat=True)) == verdicts
    assert union.confirmed_at is not None and union.deleted_at is None
    assert (union.held_at is not None) == (verdicts == [])
    assert (union.rejected_at is not None) == (verdicts == ["reject"])


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_f23_confirming_withdrawing_and_two_moderators_at_once_end_in_one_legal_state(
    site, letter, postbox, is_confirmed
):
    chidi, standing = cast.chidi(letter), 0
    for number in range(ROUNDS):
        union = union_signs(site, number)
        if is_confirmed:
            site.press(confirm_path(union), "confirm")
        results = at_once(
            [
                lambda: site.press(confirm_path(union), "confirm"),  # noqa: B023 - done before the next round
                lambda: site.press(manage_path(union), "withdraw"),  # noqa: B023
                decide(union, "approve", chidi),
                decide(union, "reject", chidi),
                decide(union, "approve", chidi),
            ]
        )
        assert [page.status for page in results[:2]] == [200, 200]
        union = cast.fresh(union)
        assert_legal(union, [verdict for verdict in results[2:] if verdict])
        assert union.withdrawn_at or not is_confirmed
        standing += union.is_standing()
        enrolling.enrol()
    assert enrolling.tally(letter).organisations == standing
    drain_in_two()
    assert broken(postbox) == []
