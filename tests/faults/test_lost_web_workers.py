"""A web worker dies while somebody signs or confirms: what was promised stands, and trying again is safe."""

import pytest

from outbox import draining
from outbox.models import Message
from signatories.enrolled import enrolling
from signatories.models import Signature
from tests import cast
from tests.faults.harness import settles
from tests.faults.invariants import broken
from tests.faults.website import NO_ANSWER, confirm_path

pytestmark = pytest.mark.processes


def everything_leaves(postbox, site):
    draining.drain()
    enrolling.enrol()
    assert broken(postbox, journal=site.journal, typed=["Ada Okoye"]) == []


def test_f01_killed_before_the_signature_is_written_nothing_is_there_and_trying_again_works(
    site, letter, postbox
):
    site.arm("sign_before_commit")
    with pytest.raises(NO_ANSWER):
        site.sign(cast.ADA)
    assert not Signature.objects.exists()
    assert not Message.objects.exists()
    assert site.again(lambda: site.sign(cast.ADA)).status == 303
    assert settles(lambda: "Respawning worker" in site.process.output)
    assert Signature.objects.count() == 1
    everything_leaves(postbox, site)
    assert postbox.recipients == [cast.ADA]


def test_f02_killed_before_the_answer_the_signature_stands_and_trying_again_makes_no_second(
    site, letter, postbox
):
    site.arm("sign_after_commit")
    with pytest.raises(NO_ANSWER):
        site.sign(cast.ADA)
    assert Signature.objects.count() == Message.objects.count() == 1
    draining.drain()
    assert postbox.recipients == [cast.ADA]
    assert site.again(lambda: site.sign(cast.ADA)).status == 303
    for attempt in list(Signature.objects.all()):
        assert site.press(confirm_path(attempt), "confirm").status == 200
    assert Signature.objects.confirmed().count() == 1
    everything_leaves(postbox, site)
    assert enrolling.tally(letter).signatures == 1


@pytest.mark.parametrize(
    ("failpoint", "is_written"), [("confirm_before_commit", False), ("confirm_after_commit", True)]
)
def test_f01_f02_killed_while_somebody_confirms_the_button_works_again(
    site, letter, postbox, failpoint, is_written
):
    ada = cast.ada(letter)
    site.arm(failpoint)
    with pytest.raises(NO_ANSWER):
        site.press(confirm_path(ada), "confirm")
    assert Signature.objects.confirmed().exists() is is_written
    assert site.again(lambda: site.press(confirm_path(ada), "confirm")).status == 200
    assert Signature.objects.confirmed().count() == 1
    everything_leaves(postbox, site)
    assert enrolling.tally(letter).signatures == 1
