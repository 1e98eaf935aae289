"""The demo in the database: whole, once, and without a mail to anybody."""

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from deliveries.demo import reading, seeding
from deliveries.models import Delivery
from letters.models import Letter, Role
from letters.permitting import Verb, are_known, others_who_may
from outbox.models import Message
from signatories.enrolled import enrolling
from signatories.models import Decision, Listing, Signature
from tests import entering

pytestmark = pytest.mark.django_db


def test_every_letter_is_there_and_signed_by_those_who_confirmed():
    seeding.seed()
    for told in reading.read():
        letter = Letter.objects.get(slug=told.slug)
        people = [*told.organisations, *told.persons]
        standing = [one for one in people if one.confirmed and not one.held]
        assert enrolling.tally(letter).signatures == len(standing)
        public = {one.name for one in standing if one.visibility == "public"}
        assert set(Listing.objects.filter(letter=letter).values_list("name", flat=True)) == public
        assert letter.is_public() == (told.state != "draft")
        assert letter.is_closed() == (told.state == "closed")


def test_no_mail_is_posted_and_nobody_waits_for_one():
    seeding.seed()
    assert not Message.objects.exists()
    assert not Signature.objects.unsettled().exists()


def test_the_desk_has_something_to_do_and_somebody_to_do_it():
    seeding.seed()
    held = sum(one.held for told in reading.read() for one in [*told.organisations, *told.persons])
    assert Signature.objects.waiting().count() == held > 0
    assert Decision.objects.filter(verdict="approve", by__email="chidi@undersigned.example").exists()


@pytest.mark.parametrize("verb", [Verb.DELIVER, Verb.EXPORT])
def test_of_every_letter_two_people_can_let_names_leave(verb):
    seeding.seed()
    for letter in Letter.objects.all():
        owner = letter.roles.get(kind=Role.Kind.OWNER).user
        (second,) = others_who_may(verb, letter, but=owner)
        assert are_known(owner, second, verb=verb, letter=letter)


def test_no_letter_of_the_demo_says_that_it_has_one_deliverer_only():
    seeding.seed()
    for letter in Letter.objects.all():
        client = Client()
        entering.enter(client, letter.roles.get(kind=Role.Kind.OWNER).user)
        page = client.get(f"/desk/letters/{letter.slug}/deliveries/").content.decode()
        assert "Deliveries" in page and "Nobody but you delivers this letter" not in page


def test_nobody_of_the_demo_can_sign_in_with_a_password():
    seeding.seed()
    assert User.objects.count() == len(reading.read_staff())
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_seeding_twice_changes_nothing(capsys):
    call_command("seed")
    before = Signature.objects.count(), Role.objects.count(), User.objects.count(), Decision.objects.count()
    call_command("seed")
    after = Signature.objects.count(), Role.objects.count(), User.objects.count(), Decision.objects.count()
    assert before == after
    assert "there already" in capsys.readouterr().out


def test_the_roll_of_the_closed_letter_ends_when_the_letter_closes():
    seeding.seed()
    letter = Letter.objects.get(slug="bread-prices")
    assert letter.current.heads.last().at <= letter.closes_at


def test_synthetic_signatures_are_counted_and_listed_by_their_choice():
    seeding.seed()
    letter = Letter.objects.get(slug="clean-rivers")
    before = enrolling.tally(letter)
    call_command("load_signatures", "clean-rivers", count=200)
    after = enrolling.tally(letter)
    assert after.signatures == before.signatures + 200
    assert after.organisations == before.organisations + 4
    assert Listing.objects.filter(letter=letter, kind="person").count() > 100
    assert not Message.objects.exists()


def test_the_delivered_letter_has_its_record_which_says_that_nothing_left():
    seeding.seed()
    deliveries = Delivery.objects.of(Letter.objects.get(slug="bread-prices"))
    assert [delivery.state for delivery in deliveries] == ["sent", "sent"]
    assert all(
        delivery.is_demonstration() and "no mail left" in delivery.last_reply for delivery in deliveries
    )
    assert not Delivery.objects.exclude(pk__in=deliveries).exists()
