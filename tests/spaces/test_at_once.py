"""Two speakers who act at the same moment: one signature, and one of them stays."""

import threading

import pytest
from django.db import connection

from accounts.models import User, alias
from signatories import moderating
from signatories.models import Signature
from spaces import opening, pairing, seconding, speaking
from spaces.models import Membership
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)
ANSWERS = {
    "name": "Ines Duarte",
    "role": "Secretary",
    "visibility": "public",
    "updates": False,
    "language": "en",
    "version": 1,
}


@pytest.fixture
def speakers():
    """Two of the union, whose signature under Clean Rivers is approved."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in at a time")
    letter = cast.clean_rivers()
    first = opening.open_for(moderating.approve(cast.union(letter), by=cast.chidi(letter)))
    edo = "edo@harbour-workers.example"
    user = User.objects.create_user(alias(edo), address=edo, works_here=False)
    second = Membership.objects.create(user=user, organisation=first.organisation, role="speaker")
    return [first, second]


def at_once(act, members):
    """Let each of the members act when all are ready; what came of it, in no order."""
    ready, came = threading.Barrier(len(members)), []

    def run(member):
        ready.wait(timeout=10)
        try:
            act(member)
            came.append("done")
        except Exception as error:
            came.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[member]) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return sorted(came)


def test_two_speakers_who_sign_one_letter_at_once_sign_it_once(speakers):
    letter = cast.letter("tall-hedges", "Tall Hedges")
    came = at_once(lambda member: speaking.sign(member, letter, **ANSWERS), speakers)
    assert came == ["AlreadySigned", "done"]
    assert Signature.objects.filter(letter=letter).count() == 1


def test_two_speakers_who_let_each_other_go_at_once_leave_one(speakers):
    came = at_once(lambda member: opening.let_go(member, by=member), speakers)
    assert came == ["LastSpeaker", "done"]
    assert Membership.objects.get().may_speak()


def test_two_who_confirm_one_signature_at_once_sign_it_once(speakers):
    first, second = speakers
    mia = "mia@harbour-workers.example"
    user = User.objects.create_user(alias(mia), address=mia, works_here=False)
    third = Membership.objects.create(user=user, organisation=first.organisation, role="speaker")
    pairing.switch_on(first)
    letter = cast.letter("tall-hedges", "Tall Hedges")
    assert seconding.give(first, letter, **ANSWERS) is None
    waiting = first.organisation.waiting.get()
    came = at_once(lambda member: seconding.confirm(member, number=waiting.pk), [second, third])
    assert came == ["DoesNotExist", "done"]
    assert Signature.objects.filter(letter=letter).count() == 1
