from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from deliveries import preparing, retaining, sending
from deliveries.dossiers import freezing
from deliveries.models import Delivery, Dossier, DossierDestroyed, Release
from letters import publishing, taking_down
from outbox.models import State
from signatories import forgetting
from signatories.enrolled import enrolling
from signatories.models import Listing, Signature
from tests import cast

DAY = timedelta(days=1)


@pytest.fixture
def delivered(letter, postbox):
    """Closed, and carried to everyone."""
    publishing.close(letter)
    for delivery in preparing.prepare(letter):
        assert sending.send(delivery)
    return letter


def everything() -> str:
    """What the database holds, opened as far as our keys open it."""
    found = [repr(list(model._base_manager.values_list())) for model in (Signature, Listing, Delivery)]
    for dossier in Dossier.objects.all():
        found.append(dossier.public_edition)
        if dossier.key:
            found.append(repr(dossier.unseal()))
    return "\n".join(found)


def test_t43_31_days_after_the_last_delivery_no_address_and_no_hidden_name_is_left(delivered):
    hidden = ("Rosa Villacorta", "Carla Canary", "@canary.example", cast.BELA)
    assert all(word in everything() for word in hidden)
    at = timezone.now()
    forgetting.forget(at=at + 29 * DAY)  # attempts that nobody confirmed go by themselves
    assert retaining.retain(at=at + 29 * DAY) == 0
    assert retaining.retain(at=at + 31 * DAY) == 4  # three signatures and the dossier's key
    assert not [word for word in hidden if word in everything()]
    assert [listing.name for listing in Listing.objects.all()] == ["Bela Horvát"]
    assert enrolling.tally(delivered).signatures == 3
    assert retaining.retain(at=at + 32 * DAY) == 0
    with pytest.raises(DossierDestroyed):
        Dossier.objects.get().unseal()


def test_an_open_letter_has_had_no_last_delivery(letter, postbox):
    for delivery in preparing.prepare(letter):
        sending.send(delivery)
    retaining.retain(at=timezone.now() + 31 * DAY)
    assert Signature.objects.filter(erased_at__isnull=False).count() == 0
    assert retaining.ends_at(letter) is None
    assert Dossier.objects.get().key is None, "everyone has it, so its sealed list is needed no more"


def test_a_letter_closed_after_its_delivery_is_kept_for_30_days_more(letter, postbox):
    for delivery in preparing.prepare(letter):
        sending.send(delivery)
    publishing.close(letter, at=timezone.now() + 60 * DAY)
    assert retaining.over(timezone.now() + 89 * DAY) == []
    assert retaining.over(timezone.now() + 91 * DAY) == [letter]


@pytest.mark.parametrize("state", [State.READY, State.UNCERTAIN, State.HELD])
def test_while_one_delivery_may_still_leave_there_was_no_last_one(delivered, state):
    dossier = freezing.freeze(delivered, after=Dossier.objects.get())
    recipient = delivered.current.recipients.first()
    Delivery.objects.create(dossier=dossier, recipient=recipient, part=1, state=state)
    assert retaining.last_delivery(delivered) is None
    assert retaining.ends_at(delivered) == delivered.closes_at + forgetting.CLOSED_KEPT
    assert retaining.destroyable(timezone.now() + 31 * DAY).get().deliveries.count() == 2  # the other waits


def test_an_office_that_was_not_served_keeps_the_letter_waiting_for_a_year_at_most(letter):
    publishing.close(letter)
    assert retaining.last_delivery(letter) is None
    assert retaining.retain(at=timezone.now() + 300 * DAY) == 0
    assert forgetting.forget(at=timezone.now() + 366 * DAY) >= 3


def test_a_key_is_destroyed_a_year_after_closing_whoever_waits_for_it(letter):
    dossier = preparing.prepare(letter)[0].dossier
    publishing.close(letter)
    assert retaining.destroy_keys(timezone.now() + 364 * DAY) == 0
    assert retaining.destroy_keys(timezone.now() + 366 * DAY) == 1
    dossier.refresh_from_db()
    assert dossier.key is None and dossier.root in dossier.public_edition
    assert "Bela" not in dossier.public_edition
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM deliveries_dossier")
        assert cursor.fetchall() == [(None,)]


def test_what_was_frozen_and_came_to_nothing_is_nobody_s_after_a_day(letter):
    lost, kept = freezing.freeze(letter), preparing.prepare(letter)[0].dossier
    assert retaining.destroy_keys(timezone.now() + 0.9 * DAY) == 0
    assert retaining.destroy_keys(timezone.now() + 1.1 * DAY) == 1
    lost.refresh_from_db()
    kept.refresh_from_db()
    assert lost.key is None and kept.key


@pytest.mark.parametrize("step, destroyed", [("cancelled", 1), ("proposed", 0)])
def test_the_list_of_a_release_that_is_over_is_nobody_s_after_a_day(letter, step, destroyed):
    dossier = freezing.freeze(letter)
    release = Release.objects.create(
        letter=letter, version=letter.current, dossier=dossier, step="proposed", proposed_by=cast.esra(letter)
    )
    Release.objects.filter(pk=release.pk).update(step=step)
    assert retaining.destroy_keys(timezone.now() + 2 * DAY) == destroyed


def test_30_days_after_a_letter_was_taken_down_no_address_is_left_whoever_was_not_served(letter):
    preparing.prepare(letter)
    taking_down.take_down(letter, reason="Not ours.", by=cast.esra(letter))
    letter.refresh_from_db()
    at = letter.taken_down_at
    forgetting.forget(at=at + 29 * DAY)  # attempts that nobody confirmed go by themselves
    assert retaining.retain(at=at + 29 * DAY) == 0
    assert retaining.retain(at=at + 31 * DAY) == 4  # three signatures and the dossier's key
    assert cast.BELA not in everything() and "@canary.example" not in everything()


def test_a_dry_run_tells_by_letter_and_rule_and_changes_nothing(delivered):
    signature = cast.bela(cast.quiet_streets())
    Signature.objects.filter(pk=signature.pk).update(created_at=timezone.now() - 400 * DAY)
    before = everything()
    said = StringIO()
    call_command("forget", dry_run=True, stdout=said)
    assert (
        "quiet-streets, closed, or without a closing date signed, 12 months ago: 1 signatures"
        in said.getvalue()
    )
    assert everything() == before
    call_command("forget", stdout=said)
    assert "Erased: 1 " in said.getvalue()
    said = StringIO()
    call_command("forget", dry_run=True, stdout=said)
    assert "Nothing" in said.getvalue()
