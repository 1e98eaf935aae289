"""What proved an organisation by its domain is looked at again before its letter is delivered."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Trail, User
from deliveries import rechecking, tasks
from deliveries.models import Delivery
from letters.models import Letter
from organisations import verifying
from organisations.models import Evidence, Organisation
from scrutiny import resolving
from signatories import moderating
from signatories.enrolled import enrolling
from signatories.models import Signature
from tests import cast

pytestmark = pytest.mark.django_db

DAYS = timedelta(days=2)


@pytest.fixture
def letter(settings):
    settings.OPERATOR_MAY_RELEASE = True
    return cast.clean_rivers()


@pytest.fixture
def union(letter):
    """Verified two days ago by the mailbox of its secretary."""
    union = cast.known_union(letter)
    union.evidence.update(at=timezone.now() - DAYS)
    enrolling.enrol(at_once=True)
    return union


@pytest.fixture
def dns(monkeypatch):
    """What the DNS says: whether the domain takes mail, and its records."""
    said = {"mail": True, "texts": []}

    def texts(name):
        if said["texts"] is None:
            raise resolving.Silent(name)
        return said["texts"]

    monkeypatch.setattr(resolving, "takes_mail", lambda domain: said["mail"])
    monkeypatch.setattr(resolving, "texts", texts)
    return said


def deliver(letter):
    said = StringIO()
    call_command("deliver", letter.slug, stdout=said)
    return said.getvalue()


def test_what_still_stands_is_delivered(letter, union, dns):
    assert "queued" in deliver(letter)
    assert union.is_verified() and Delivery.objects.count() == 2


def test_a_domain_without_mail_proves_nothing_and_is_named_before_anything_leaves(letter, union, dns):
    dns["mail"] = False
    said = StringIO()
    with pytest.raises(CommandError, match="Nothing was prepared"):
        call_command("deliver", letter.slug, stdout=said)
    assert "Harbour Workers' Union" in said.getvalue()
    assert not union.is_verified() and not Delivery.objects.exists()
    line = Trail.objects.get(what="evidence of organisations looked at again")
    assert (line.letter, line.detail) == (letter.pk, {"fallen": 1, "unknown": 0})
    assert "queued" in deliver(letter)


def test_a_dns_that_is_silent_is_named_and_takes_nothing_away(letter, union, dns):
    dns["mail"] = None
    said = deliver(letter)
    assert "did not answer about Harbour Workers' Union" in said and "queued" in said
    assert union.is_verified()


@pytest.mark.parametrize("texts, fallen, unknown", [([], 1, 0), (["undersigned=other"], 1, 0), (None, 0, 1)])
def test_a_record_that_nobody_has_looked_at_for_a_day(letter, union, dns, texts, fallen, unknown):
    union.evidence.update(kind=Evidence.Kind.DNS)
    Organisation.objects.update(dns_checked_at=timezone.now() - DAYS)
    dns["texts"] = texts
    looked = rechecking.recheck(letter)
    assert (len(looked.fallen), len(looked.unknown)) == (fallen, unknown)
    assert union.is_verified() == (not fallen)


def test_what_was_seen_today_or_is_on_no_list_is_not_asked_for(letter, union, dns):
    dns["mail"] = False
    union.evidence.update(at=timezone.now())
    assert rechecking.recheck(letter).fallen == []
    union.evidence.update(at=timezone.now() - DAYS)
    Signature.objects.update(visibility="counted")
    assert rechecking.recheck(letter).fallen == [] and union.is_verified()


def test_it_does_not_go_on_for_ever(letter, union, dns, monkeypatch):
    monkeypatch.setattr(rechecking, "AT_MOST", 0.0)
    dns["mail"] = False
    assert rechecking.recheck(letter).unknown == [union] and union.is_verified()


def test_who_was_carried_by_what_fell_waits_and_is_counted(letter, union, dns):
    chidi = User.objects.get(email="chidi@desk.example")
    other, third = (
        moderating.approve(
            cast.union(letter, organisation=name, email=email, website=website), by=chidi
        ).organisation
        for name, email, website in [
            ("Mill Society", "a@mill.example", "https://mill.example/"),
            ("Dock Choir", "choir@gmail.com", "https://choir.example/"),
        ]
    )
    for voucher in (union, other):
        verifying.note_word(third, voucher=voucher, said="Yes.", said_at=timezone.now(), by=chidi)
    dns["mail"] = False
    looked = rechecking.recheck(letter)
    assert (looked.fallen, looked.uncarried) == ([union], 1)
    assert Signature.objects.get(held_at__isnull=False).organisation == third


def test_the_clock_looks_again_before_a_letter_closes_and_until_it_is_delivered(letter, union, dns):
    assert rechecking.due() == []
    Letter.objects.filter(pk=letter.pk).update(closes_at=timezone.now() + timedelta(hours=20))
    assert rechecking.due() == [letter]
    dns["mail"] = False
    tasks.recheck(letter.pk)
    assert not union.is_verified() and rechecking.due() == []


def test_what_is_archived_or_taken_down_is_not_looked_at(letter, union):
    Letter.objects.filter(pk=letter.pk).update(closes_at=timezone.now(), taken_down_at=timezone.now())
    assert rechecking.due() == []
