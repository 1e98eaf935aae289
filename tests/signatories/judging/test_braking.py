import itertools
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import User
from outbox.models import Alert, Lane, Message, State
from scrutiny import challenging, domains
from scrutiny.clues import Clues
from scrutiny.models import Limit
from signatories import confirming
from signatories.judging import braking
from signatories.models import Brake, Mailbox, Signature
from tests import cast, entering, reports
from tests.solving import solve

pytestmark = pytest.mark.django_db

BOTS, PEOPLE = "b" * 64, "a" * 64
numbers = itertools.count()


@pytest.fixture
def letter():
    return cast.clean_rivers()


def brakes():
    return {(row.cause, row.network, row.domain) for row in Brake.objects.in_force()}


def signed(letter, count, *, network, domain="gmail.com", confirmed=0, hours_ago=2.0):
    """So many have signed, their mail left some hours ago, and some have confirmed."""
    at = timezone.now() - timedelta(hours=hours_ago)
    template = Signature.objects.filter(pk=cast.ada(letter).pk).values().get()
    Message.objects.filter(subject=template["id"]).delete()
    Signature.objects.filter(pk=template["id"]).delete()
    unique = {"id", "public_id", "nonce", "address", "network", "domain", "confirmed_at", "created_at"}
    same = {name: value for name, value in template.items() if name not in unique}
    rows = Signature.objects.bulk_create(
        Signature(
            **same,
            address=f"{next(numbers):064x}",
            network=network,
            domain=domains.index(domain),
            created_at=at,
            confirmed_at=at if number < confirmed else None,
        )
        for number in range(count)
    )
    Message.objects.bulk_create(
        Message(kind="attempt", subject=row.pk, state=State.SENT, sent_at=at, message_id=f"<{row.pk}@x>")
        for row in rows
    )
    return rows


def waits(letter, *, network, email="ada@gmail.com"):
    """Somebody signs; the lane in which the mail waits or from which it has left."""
    work = solve(challenging.challenge(letter.slug, network=None))
    clues = Clues(network=network, has_script=True, work=work, agent="firefox")
    return cast.attempt(letter, email=email, clues=clues)


def lane_of(attempt):
    return Message.objects.get(kind="attempt", subject=attempt.pk).lane


class TestBounces:
    def bounce(self, letter, *, sent, bounced):
        rows = signed(letter, sent + bounced, network=PEOPLE, hours_ago=0.1)
        refused = [row.pk for row in rows[:bounced]]
        Message.objects.filter(subject__in=refused).update(state=State.DEAD, sent_at=None)
        Signature.objects.filter(pk__in=refused).update(bounced_at=timezone.now())

    def test_above_eight_in_a_hundred_all_mail_to_confirm_waits_with_one_alert(self, letter, mails, caplog):
        self.bounce(letter, sent=90, bounced=10)
        for _ in range(3):
            braking.look()
        assert brakes() == {("bounces", "", "")}
        assert len([line for line in caplog.records if line.levelname == "ERROR"]) == 1
        attempt = waits(letter, network=PEOPLE)
        assert len(mails()) == 1, "it trickles"
        assert lane_of(attempt) == Lane.BRAKED

    def test_eight_in_a_hundred_or_a_handful_of_mails_are_no_reason(self, letter):
        self.bounce(letter, sent=92, bounced=8)
        braking.look()
        assert brakes() == set()
        Signature.objects.all().delete()
        Message.objects.all().delete()
        self.bounce(letter, sent=10, bounced=30)
        braking.look()
        assert brakes() == set()

    def test_it_opens_by_itself_and_what_waited_goes_on(self, letter, mails, settings):
        self.bounce(letter, sent=90, bounced=10)
        braking.look()
        settings.MAIL_PER_HOUR = 200
        Message.objects.filter(state=State.SENT).update(lane=Lane.BRAKED)
        attempt = waits(letter, network=PEOPLE)
        assert mails() == [], "the tenth is used up"
        Signature.objects.update(bounced_at=timezone.now() - timedelta(minutes=61))
        braking.look()
        assert brakes() == set()
        assert not Alert.objects.open().exists()
        assert len(mails()) == 1
        assert lane_of(attempt) == Lane.SLOW

    def test_who_has_confirmed_gets_what_follows_at_once(self, letter, mails):
        self.bounce(letter, sent=90, bounced=10)
        attempt = cast.ada(letter)
        mails()
        braking.look()
        confirming.confirm(attempt)
        [thanks] = mails()
        assert thanks.to == cast.ADA
        assert Message.objects.get(kind="thanks").lane == Lane.FAST

    def test_staff_may_lift_it_for_six_hours(self, letter, client, mails):
        self.bounce(letter, sent=90, bounced=10)
        braking.look()
        entering.enter(client, User.objects.create_superuser("owner@desk.example", cast.PASSWORD))
        brake = Brake.objects.get()
        client.post("/admin/signatories/brake/", {"action": "lift", "_selected_action": [brake.pk]})
        braking.look()
        assert brakes() == set()
        attempt = waits(letter, network=PEOPLE)
        mails()
        assert lane_of(attempt) == Lane.FAST
        Brake.objects.update(lifted_until=timezone.now())
        assert brakes() == {("bounces", "", "")}


def test_complaints_above_three_in_a_thousand_brake_all(letter):
    signed(letter, 250, network=PEOPLE, confirmed=200)
    braking.look()
    assert brakes() == set()
    Mailbox.objects.create(address="c" * 64, complained_at=timezone.now())
    braking.look()
    assert brakes() == {("complaints", "", "")}


@pytest.mark.parametrize("why", ["complaint", "bounce"])
def test_t06_what_providers_report_brakes_all(letter, client, mails, tmp_path, why):
    """The form is posted, the mail leaves, and its reader presses "spam", or the mailbox is full."""
    signed(letter, 50, network=PEOPLE, confirmed=40, hours_ago=0.1)
    form = {"kind": "person", "name": "Ada Okoye", "email": cast.ADA, "country": "NG", "consent": "on"}
    assert client.post("/letters/clean-rivers/sign/", form).status_code == 303
    [_mail] = mails()
    braking.look()
    assert brakes() == set()
    Limit.objects.create(name="bounces_in_100_mails", value=0)
    message = Message.objects.get(kind="attempt", subject=Signature.objects.latest("pk").pk)
    (tmp_path / "report.eml").write_bytes(reports.of(message, why))
    call_command("record_complaints", tmp_path)
    braking.look()
    assert brakes() == {(f"{why}s", "", "")}


class TestHardlyConfirmed:
    def test_only_the_network_that_causes_it_waits_and_others_mail_flows(self, letter, mails):
        signed(letter, 190, network=BOTS)
        signed(letter, 10, network=PEOPLE, confirmed=9)
        braking.look()
        assert brakes() == {("unconfirmed", BOTS, "")}
        theirs, others = waits(letter, network=BOTS), waits(letter, network=PEOPLE, email="bela@gmail.com")
        mails()
        assert (lane_of(theirs), lane_of(others)) == (Lane.BRAKED, Lane.FAST)
        assert Alert.objects.open().get().kind == "brake: unconfirmed"

    def test_a_mail_domain_that_causes_it_from_many_networks_waits(self, letter, mails):
        for number in range(100):
            signed(letter, 2, network=f"{number:064x}", domain="traps.example", confirmed=0)
        braking.look()
        assert brakes() == {("unconfirmed", "", domains.index("traps.example"))}
        attempt = waits(letter, network=PEOPLE, email="ada@traps.example")
        mails()
        assert lane_of(attempt) == Lane.BRAKED

    def test_a_large_provider_waits_only_where_nothing_else_explains_it(self, letter):
        signed(letter, 190, network=BOTS, domain="gmail.com")
        signed(letter, 10, network=PEOPLE, domain="gmail.com", confirmed=9)
        assert ("", domains.index("gmail.com")) not in braking.causes(braking.last_fates(timezone.now()))
        Signature.objects.filter(network=BOTS).update(network=None)
        assert braking.causes(braking.last_fates(timezone.now())) == {("", domains.index("gmail.com"))}

    def test_before_there_are_two_hundred_and_within_the_first_hour_nothing_is_judged(self, letter):
        signed(letter, 199, network=BOTS)
        signed(letter, 50, network=BOTS, hours_ago=0.9)
        signed(letter, 50, network=BOTS, hours_ago=24.1)
        braking.look()
        assert brakes() == set()

    def test_a_tenth_that_confirms_is_enough_and_ends_it(self, letter):
        rows = signed(letter, 200, network=BOTS, confirmed=19)
        braking.look()
        assert brakes() == {("unconfirmed", BOTS, "")}
        Signature.objects.filter(pk=rows[-1].pk).update(confirmed_at=timezone.now())
        braking.look()
        assert brakes() == set()

    def test_t01_whether_an_address_has_signed_by_another_attempt_is_not_looked_at(self, letter):
        rows = signed(letter, 200, network=BOTS)
        for row in rows[:20]:
            address = {"address": row.address, "confirmed_at": timezone.now()}
            again = signed(letter, 1, network=PEOPLE, hours_ago=30)[0]
            Signature.objects.filter(pk=again.pk).update(**address)
        braking.look()
        assert brakes() == {("unconfirmed", BOTS, "")}


def test_a_brake_is_for_all_or_for_a_network_or_for_a_mail_domain():
    with pytest.raises(IntegrityError):
        Brake.objects.create(cause="unconfirmed", network=BOTS, domain="d" * 64, since=timezone.now())
