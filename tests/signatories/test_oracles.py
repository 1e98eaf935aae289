"""Who tries with somebody's address learns nothing from what becomes of an own attempt afterwards.

Everything that judging reads, spends and holds of an attempt is the same whoever has signed.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from outbox.models import Message, State
from scrutiny import challenging, networks
from scrutiny.clues import Clues
from scrutiny.models import SpentChallenge
from signatories import confirming, signing
from signatories.judging import braking, suspecting
from signatories.models import Brake, Mailbox, Signature
from tests import cast
from tests.solving import solve

pytestmark = [pytest.mark.once, pytest.mark.django_db]

AIDE = "aide@ministry.example"
JUDGED = (
    "network", "domain", "name_key", "clues", "score", "suspicions", "held_at", "confirmed_at", "deleted_at",
)  # fmt: skip
ALIKE = pytest.mark.parametrize("has_signed", [True, False])


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def network():
    return networks.mark("203.0.113.9")


def attempt(letter, email, network, *, name="Maria Lopez", **clues):
    seen = Clues(network=network, has_script=True, agent="chrome", **clues)
    signing.sign(
        letter, kind="person", name=name, email=email, country="NG", language="en", visibility="counted",
        clues=seen,
    )  # fmt: skip
    return Signature.objects.latest("pk")


def signed(letter):
    cast.confirmed(letter, email=AIDE, name="An Aide", visibility="counted")


@ALIKE
@pytest.mark.parametrize("is_second", [False, True])
def test_t01_work_is_spent_whoever_has_signed(letter, network, mails, has_signed, is_second):
    if has_signed:
        signed(letter)
    mails()
    if is_second:
        attempt(letter, AIDE, network)
    attempt(letter, AIDE, network, work=solve(challenging.challenge(letter.slug, network=None)))
    mails()
    assert SpentChallenge.objects.count() == 1


@ALIKE
def test_t01_what_looks_like_a_machine_waits_for_a_moderator_whoever_has_signed(
    letter, network, mails, has_signed
):
    if has_signed:
        signed(letter)
    mails()
    tried = attempt(letter, AIDE, network, name="MARIA LOPEZ", is_trapped=True)
    assert mails() == []
    tried.refresh_from_db()
    assert tried.held_at and [found["code"] for found in tried.suspicions] == ["trap", "no_work", "odd_name"]


@ALIKE
def test_t01_a_brake_tells_nobody_who_has_signed(letter, network, mails, has_signed):
    if has_signed:
        signed(letter)
    mails()
    rows = [attempt(letter, f"q{n}@people.example", f"elsewhere {n}") for n in range(190)]
    rows += [attempt(letter, f"z{n}@others.example", network) for n in range(9)]
    rows.append(attempt(letter, AIDE, network))
    for _ in range(5):
        mails()
    assert Message.objects.filter(kind="attempt", state=State.SENT, subject__gte=rows[0].pk).count() == 200
    Message.objects.filter(state=State.SENT).update(sent_at=timezone.now() - timedelta(minutes=70))
    braking.look()
    assert Brake.objects.in_force().filter(network=network).exists()


@ALIKE
@pytest.mark.parametrize("signs_later", [True, False])
def test_t01_a_busy_network_weighs_the_same_whoever_of_it_has_signed_or_will(
    letter, network, mails, has_signed, signs_later
):
    if has_signed:
        signed(letter)
    mails()
    for number in range(28):
        attempt(letter, f"q{number}@people.example", network, name=f"Eve {chr(97 + number)}")
    for _ in range(2):
        attempt(letter, AIDE, network)
        mails()
        Mailbox.objects.update(moments=[])
    if signs_later and not has_signed:
        own = cast.attempt(letter, email=AIDE, name="An Aide", visibility="counted")
        confirming.confirm(own)
    hour = timedelta(minutes=61)
    earlier = Signature.objects.filter(network=network)
    for row in earlier:
        row.created_at -= hour
        row.save(update_fields=["created_at"])
    probe = attempt(letter, "probe@others.example", network, name="Jonas Weber")
    suspecting.score([probe])
    assert "unconfirmed_network" in {found["code"] for found in probe.suspicions}


def test_t01_what_is_judged_of_an_attempt_stays_when_its_owner_picks_another(letter, network, mails):
    tried = attempt(letter, AIDE, network)
    mails()
    before = Signature.objects.filter(pk=tried.pk).values(*JUDGED[:6]).get()
    confirming.confirm(cast.attempt(letter, email=AIDE, name="An Aide", visibility="counted"))
    after = Signature.objects.filter(pk=tried.pk).values(*JUDGED[:6]).get()
    assert {**before, "score": None, "suspicions": []} == {**after, "score": None, "suspicions": []}
    assert cast.fresh(tried).deleted_at
