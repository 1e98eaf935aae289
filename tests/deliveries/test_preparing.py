import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Trail
from deliveries import preparing
from deliveries.dossiers import editions, freezing
from deliveries.models import Delivery, Dossier, DossierDestroyed
from deliveries.proofs import verifying
from signatories import confirming, signing
from signatories.enrolled import enrolling
from signatories.models import Listing, Signature
from tests import cast


def named(edition):
    return [one["name"] for one in edition["signatories"]]


def test_each_edition_names_whom_its_readers_may_know_and_both_count_everybody(letter):
    dossier = freezing.freeze(letter)
    public = json.loads(dossier.public_edition)
    sent = freezing.edition_now(dossier)
    assert named(public) == ["Bela Horvát"]
    assert named(sent) == ["Bela Horvát", "Rosa Villacorta"]
    assert public["count"] == sent["count"] == {"signatures": 3, "persons": 3, "organisations": 0}
    assert public["head"] == sent["head"]
    assert len(public["unnamed"]) == 2 and len(sent["unnamed"]) == 1


def test_the_hashes_are_those_of_the_editions(letter):
    dossier = freezing.freeze(letter)
    assert dossier.public_hash == editions.sha256(dossier.public_edition.encode())
    assert dossier.sent_hash == editions.sha256(editions.text(freezing.edition_now(dossier)).encode())


def test_a_signatory_is_told_by_the_fields_that_are_allowed_and_no_other(letter):
    told = freezing.edition_now(freezing.freeze(letter))["signatories"][0]
    assert set(told) == {"number", "kind", "name", "organisation", "role", "affiliation", "country"}


def test_no_edition_holds_an_address_or_who_is_only_counted_or_not_confirmed(letter):
    dossier = freezing.freeze(letter)
    for text in (dossier.public_edition, editions.text(freezing.edition_now(dossier))):
        assert "@" not in text
        assert "Carla" not in text and "Unconfirmed" not in text


def test_an_organisation_is_named_and_its_representative_is_not(letter):
    held = cast.union(letter)
    Signature.objects.filter(pk=held.pk).update(held_at=None, unsettled_at=held.confirmed_at)
    sent = freezing.edition_now(freezing.freeze(letter))
    assert named(sent)[0] == "Harbour Workers' Union"
    assert "Ines" not in editions.text(sent)
    assert sent["count"]["organisations"] == 1


def test_the_names_lie_in_the_database_under_a_key_that_can_be_destroyed(letter):
    dossier = freezing.freeze(letter)
    assert b"Rosa" not in bytes(dossier.names)
    Dossier.objects.filter(pk=dossier.pk).update(key=None)
    with pytest.raises(DossierDestroyed):
        freezing.edition_now(Dossier.objects.get(pk=dossier.pk))


@pytest.mark.parametrize(
    "change", [{"persons": 9}, {"public_edition": "{}"}, {"public_hash": "0" * 64}, {"root": "0" * 64}]
)
def test_a_dossier_never_changes(letter, change):
    dossier = freezing.freeze(letter)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dossier.objects.filter(pk=dossier.pk).update(**change)


def test_who_withdraws_or_hides_later_is_left_out_and_nobody_joins(letter):
    dossier = freezing.freeze(letter)
    rosa = Signature.objects.get(address=signing.address_index("rosa@canary.example"))
    signing.withdraw(rosa)
    signing.hide(Signature.objects.get(address=signing.address_index(cast.BELA)))
    cast.confirmed(letter, name="Late Comer", email="late@canary.example")
    now = freezing.edition_now(dossier)
    assert named(now) == []
    assert now["count"]["signatures"] == 2
    assert len(now["left"]) == 1 and len(now["unnamed"]) == 2
    assert dossier.signatures == 3


@pytest.mark.parametrize("is_settled", [True, False])
def test_a_name_that_was_corrected_since_does_not_leave_in_its_old_form(letter, is_settled):
    dossier = freezing.freeze(letter)
    rosa = Signature.objects.get(address=signing.address_index("rosa@canary.example"))
    assert signing.correct(rosa, name="Rosa Vilacorta")
    if is_settled:
        enrolling.enrol(at_once=True)
    now = freezing.edition_now(dossier)
    assert named(now) == ["Bela Horvát"] and now["count"]["signatures"] == 3
    assert verifying.verify(editions.text(now).encode(), keys=verifying.own_keys())


def test_a_name_that_the_public_list_does_not_show_yet_is_for_the_offices_only(db):
    letter = cast.quiet_streets()
    cast.bela(letter)
    confirming.confirm(cast.attempt(letter, name="Tova Late", email="tova@canary.example"))
    enrolling.enrol(at=timezone.now() + timedelta(minutes=16))
    dossier = freezing.freeze(letter)
    assert Listing.objects.count() == 1 and dossier.signatures == 2
    assert "Tova" not in dossier.public_edition
    assert named(freezing.edition_now(dossier, edition=editions.SENT)) == ["Bela Horvát", "Tova Late"]
    assert named(freezing.edition_of(letter.current, edition=editions.PUBLIC)) == ["Bela Horvát"]


def test_a_withdrawal_that_the_roll_does_not_show_yet_is_left_out_at_once(db):
    letter = cast.quiet_streets()
    bela = cast.bela(letter)
    signing.withdraw(bela)
    edition = freezing.edition_now(freezing.freeze(letter))
    assert enrolling.tally(letter).signatures == 1
    assert edition["count"]["signatures"] == 0 and named(edition) == []


def test_a_letter_that_nobody_signed_can_be_frozen(db):
    dossier = freezing.freeze(cast.clean_rivers())
    assert (dossier.signatures, dossier.size) == (0, 0)


def test_everyone_gets_one_delivery_and_a_second_time_nobody(letter):
    assert len(preparing.prepare(letter)) == 2
    assert preparing.prepare(letter) == []
    assert (Dossier.objects.count(), Delivery.objects.count()) == (1, 2)


def test_the_database_knows_who_has_been_served(letter):
    delivery = preparing.prepare(letter)[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(dossier=delivery.dossier, recipient=delivery.recipient)


class TestTheCommand:
    def test_it_says_who_would_be_served_and_does_nothing(self, letter, capsys):
        call_command("deliver", letter.slug, dry_run=True)
        assert "would be served: Ministry of Health" in capsys.readouterr().out
        assert not Dossier.objects.exists()

    def test_it_queues_names_who_is_served_and_writes_to_the_trail(self, letter, capsys, monkeypatch):
        monkeypatch.setattr(preparing, "queue", lambda deliveries: True)
        call_command("deliver", letter.slug)
        assert "queued: Ministry of Health" in capsys.readouterr().out
        call_command("deliver", letter.slug)
        assert "left alone: Ministry of Health (waiting)" in capsys.readouterr().out
        line = Trail.objects.get(what="deliveries prepared")
        assert line.who is None and line.detail["sha256"] == Dossier.objects.get().sent_hash

    def test_what_was_called_off_is_served_and_what_a_person_brings_is_not_queued(self, letter, capsys):
        letter.current.recipients.update(channel="post", address="", postal="1 Quay Street")
        for called_off in preparing.prepare(letter):
            Delivery.objects.filter(pk=called_off.pk).update(state="void")
        call_command("deliver", letter.slug)
        said = capsys.readouterr().out
        assert "left alone" not in said and "queued" not in said
        assert "waits for a person: Ministry of Health" in said
        call_command("deliver", letter.slug)
        assert "left alone: Ministry of Health (waits for a person)" in capsys.readouterr().out

    def test_without_a_broker_the_rows_wait_and_it_says_so(self, letter, capsys, monkeypatch):
        def nobody(*args, **more):
            raise ConnectionError

        monkeypatch.setattr("outbox.queueing.current_app.send_task", nobody)
        call_command("deliver", letter.slug)
        assert "No broker answers" in capsys.readouterr().out
        assert Delivery.objects.filter(state="ready").count() == 2

    def test_it_needs_the_operators_leave_and_a_published_letter(self, letter, settings):
        cast.night_trains()
        with pytest.raises(CommandError, match="draft"):
            call_command("deliver", "night-trains")
        with pytest.raises(CommandError, match="no letter"):
            call_command("deliver", "nowhere")
        settings.OPERATOR_MAY_RELEASE = False
        with pytest.raises(CommandError, match="OPERATOR_MAY_RELEASE"):
            call_command("deliver", letter.slug)
        assert not Delivery.objects.exists()
