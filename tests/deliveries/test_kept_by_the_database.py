"""What the database itself keeps of deliveries, whatever code asks: on PostgreSQL and on SQLite."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from deliveries import preparing
from deliveries.dossiers import freezing
from deliveries.models import Delivery, Release, Report, Step
from letters import publishing
from letters.models import Letter, Role
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(letter) -> Release:
    """Approved: proposed by Dunya, let go by Esra."""
    dunya, esra = cast.esra(letter, Role.Kind.DELIVERER, name="Dunya"), cast.esra(letter)
    return Release.objects.create(
        letter=letter, version=letter.current, dossier=freezing.freeze(letter), step=Step.APPROVED,
        proposed_by=dunya, approved_by=esra, approved_at=timezone.now(), manifest="{}",
        manifest_hash="0" * 64,
    )  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"approved_by": None, "approved_at": None, "step": Step.VOID},
        {"dossier": None, "approved_by": None, "approved_at": None, "step": Step.CANCELLED},
        {"manifest": '{"other":1}'},
        {"manifest_hash": "1" * 64},
        {"approved_at": timezone.now()},
    ],
)
def test_nobody_makes_it_unapproved(release, changes):
    with pytest.raises(IntegrityError, match="What was approved never changes"), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(**changes)
    Release.objects.filter(pk=release.pk).update(step=Step.VOID, reason="contact", ended_at=timezone.now())


def test_who_proposed_what_was_approved_never_changes(release, letter):
    fatima = cast.esra(letter, name="Fatima")
    with pytest.raises(IntegrityError, match="What was approved never changes"), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(proposed_by=fatima)


def test_a_number_that_is_the_proof_never_changes(letter):
    delivery = preparing.prepare(letter)[0]
    report = Report.objects.create(
        delivery=delivery, kind="bounced", source="server", facts={"reference": "RR 12"}
    )
    for changes in ({"facts": {}}, {"facts": {"reference": "RR 13"}}, {"digest": "0" * 64}):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(**changes)


def refused(words: str, **facts) -> None:
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        Delivery.objects.create(**facts)


def test_a_delivery_is_of_its_dossiers_part_and_version(letter):
    dossier = freezing.freeze(letter)
    recipient = letter.current.recipients.first()
    refused("the part of its dossier", dossier=dossier, recipient=recipient, part=1)
    elsewhere = publishing.amend(letter).recipients.first()
    refused("an office of its own version", dossier=dossier, recipient=elsewhere)
    stranger = cast.quiet_streets().current.recipients.first()
    refused("an office of its own version", dossier=dossier, recipient=stranger)
    assert Delivery.objects.create(dossier=dossier, recipient=recipient)


def test_a_delivery_is_of_the_dossier_that_its_release_approved(letter, release):
    recipient = letter.current.recipients.first()
    other = freezing.freeze(letter)
    refused("what its release approved", dossier=other, recipient=recipient, release=release)
    unfrozen = Release.objects.create(letter=letter, version=letter.current, proposed_by=release.proposed_by)
    refused("what its release approved", dossier=other, recipient=recipient, release=unfrozen)
    delivery = Delivery.objects.create(dossier=release.dossier, recipient=recipient, release=release)
    for changed in (None, unfrozen):
        with pytest.raises(IntegrityError, match="keeps its release"), transaction.atomic():
            Delivery.objects.filter(pk=delivery.pk).update(release=changed)
    assert Letter.objects.get(pk=letter.pk).releases.count() == 2
