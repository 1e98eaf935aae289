"""A text is changed: at the desk, in the mail, on the signer's page, on the rolls, and before the offices."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Trail
from deliveries import preparing
from deliveries.dossiers import freezing
from letters import amending, publishing
from letters.models import Letter, Recipient
from outbox.models import Message
from signatories import agreeing, signing, tokens
from signatories.enrolled import enrolling, roll, tallying
from signatories.models import Cell, Entry, Listing, Signature, TreeHead
from tests import cast
from tests.box import Box
from updates import notices

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def box(settings, tmp_path):
    return Box(settings, tmp_path / "mail")


def changed(letter, *, office=""):
    """The letter after a second version was published, with other words and perhaps one more office."""
    draft = publishing.amend(letter)
    draft.translations.update(body="We ask you to act *today*.")
    if office:
        Recipient.objects.create(version=draft, order=9, office=office, address="new@office.example")
    publishing.publish(letter)
    return Letter.objects.select_related("current").get(pk=letter.pk)


def page(signature):
    return f"/m/{tokens.make(tokens.MANAGE, signature)}/"


def agree(signature, version=2, path=page):
    return Client().post(path(signature), {"act": "agree", "version": version})


def count():
    return Client().get("/letters/clean-rivers/count.json").json()["signatures"]


def living(version):
    return Entry.objects.filter(version=version, left_by=None, signature__isnull=False).count()


def days(letter):
    """Who joined and who left it, over all days, as its cells say now and as they say counted anew."""
    told = []
    for _ in range(2):
        cells = Cell.objects.filter(letter=letter, facet__in=["joined", "left"])
        told.append({cell.facet: cell.number for cell in cells if cell.number})
        Cell.objects.filter(letter=letter).update(number=0)
        tallying.recount(letter)
    assert told[0] == told[1]
    return told[0]


def test_the_days_count_who_agrees_once_and_who_withdraws_instead_as_gone(letter):
    bela, carla = cast.bela(letter), cast.confirmed(letter, email="carla@mail.example", name="Carla Silva")
    enrolling.enrol()
    letter = changed(letter)
    agree(bela)
    enrolling.enrol()
    assert days(letter) == {"joined": 2}
    agree(carla), signing.withdraw(carla)
    enrolling.enrol()
    assert days(letter) == {"joined": 2, "left": 1}
    signing.withdraw(bela)
    enrolling.enrol()
    assert days(letter) == {"joined": 2, "left": 2}


def test_who_signed_stays_under_the_text_they_signed_until_they_agree(letter):
    bela = cast.bela(letter)
    enrolling.enrol()
    first = letter.current
    letter = changed(letter, office="Ministry of Water")
    words = Client().get(page(bela)).content.decode()
    assert "The letter has been changed" in words and "Ministry of Water" in words
    assert cast.fresh(bela).version == first
    assert agree(bela).status_code == 200
    enrolling.enrol()
    bela = cast.fresh(bela)
    assert bela.version == letter.current
    assert (living(first), living(letter.current)) == (0, 1)
    assert bela.consent["text"] == letter.current.text_hash
    assert bela.consent["earlier"][0]["text"] == first.text_hash
    assert Listing.objects.filter(signature=bela).count() == 1
    assert "The letter has been changed" not in Client().get(page(bela)).content.decode()


def test_the_count_neither_rises_nor_falls_and_both_rolls_lead_to_their_heads(letter):
    first = letter.current
    signers = [cast.confirmed(letter, name=f"Eve {n}", email=f"eve{n}@mail.example") for n in range(3)]
    enrolling.enrol()
    letter = changed(letter)
    cast.confirmed(letter, name="Newcomer", email="new@mail.example")
    agree(signers[0])
    agree(signers[1])
    enrolling.enrol()
    assert enrolling.tally(letter).signatures == 4
    assert (living(first), living(letter.current)) == (1, 3)
    for version in (first, letter.current):
        lines = [entry.line for entry in Entry.objects.filter(version=version).order_by("index")]
        head = TreeHead.objects.filter(version=version).last()
        assert (head.size, head.root) == (len(lines), roll.root(lines))
    before = {(cell.facet, cell.value): cell.number for cell in Cell.objects.filter(letter=letter)}
    assert tallying.recount(letter) == 0
    assert before["kind", "person"] == 4


def test_agreeing_twice_is_as_good_as_once(letter):
    bela = cast.bela(letter)
    enrolling.enrol()
    letter = changed(letter)
    for _ in range(2):
        assert "stands under the changed text" in agree(bela).content.decode()
        enrolling.enrol()
    assert enrolling.tally(letter).signatures == 1
    assert len(cast.fresh(bela).consent["earlier"]) == 1


def test_nobody_agrees_to_what_they_have_not_read(letter):
    bela = cast.bela(letter)
    letter = changed(letter)
    for version in (1, 3, "", "0x2", "9" * 30):
        answer = agree(bela, version)
        assert answer.status_code == 422
        assert "read it again" in answer.content.decode()
    assert cast.fresh(bela).version.number == 1


@pytest.mark.parametrize("ending", ["withdraw", "erase"])
def test_what_was_taken_back_is_not_asked_and_agrees_to_nothing(letter, ending):
    bela = cast.bela(letter)
    enrolling.enrol()
    letter = changed(letter)
    getattr(signing, ending)(bela)
    assert "Sign the changed text" not in Client().get(page(bela)).content.decode()
    assert agree(bela).status_code == 422
    enrolling.enrol()
    assert enrolling.tally(letter).signatures == 0


def test_a_closed_letter_moves_nobody(letter):
    bela = cast.bela(letter)
    letter = changed(letter)
    publishing.close(letter)
    answer = agree(bela)
    assert answer.status_code == 422 and "closed" in answer.content.decode()
    assert cast.fresh(bela).version.number == 1


def test_who_agrees_and_withdraws_before_the_clock_comes_is_gone_from_both(letter):
    bela = cast.bela(letter)
    enrolling.enrol()
    first = letter.current
    letter = changed(letter)
    agree(bela)
    signing.withdraw(bela)
    enrolling.enrol()
    assert (living(first), living(letter.current), enrolling.tally(letter).signatures) == (0, 0, 0)


def test_t44_the_database_moves_no_signature_without_consent_to_the_very_text(letter):
    bela = cast.bela(letter)
    letter = changed(letter)
    mine = Signature.objects.filter(pk=bela.pk)
    other = cast.letter("other-letter", "Other Letter")
    for fields in (
        {"version": letter.current},
        {"version": letter.current, "consent": cast.fresh(bela).consent | {"text": "0" * 64}},
        {"version": other.current, "consent": cast.fresh(bela).consent | {"text": other.current.text_hash}},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            mine.update(**fields)
    agreeing.agree(bela, version=2, language="en")
    first = letter.versions.get(number=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        mine.update(version=first, consent=cast.fresh(bela).consent | {"text": first.text_hash})


def test_each_signer_is_asked_once_and_who_agreed_before_is_not(letter, box):
    bela = cast.bela(letter)
    eve = cast.confirmed(letter, name="Eve Adeyemi", email="eve@mail.example")
    gone = cast.confirmed(letter, name="Adam Botha", email="adam@mail.example")
    cast.attempt(letter, email="never@mail.example")
    signing.withdraw(gone)
    before = len(box.mails())
    letter = changed(letter)
    agree(eve)
    assert notices.spread() == 1
    assert notices.spread() == 0
    [mail] = box.mails()[before:]
    assert mail["To"] == cast.BELA and "was changed" in box.text()
    assert page(bela) in box.text()


def test_a_text_that_is_changed_again_is_asked_about_once(letter, box):
    cast.bela(letter)
    before = len(box.mails())
    letter = changed(letter)
    assert notices.spread() == 1
    draft = publishing.amend(letter)
    draft.translations.update(body="We ask you to act *this hour*.")
    publishing.publish(letter)
    assert notices.spread() == 1
    assert len(box.mails()) == before + 1


def test_at_risk_the_mail_does_not_say_what_it_is_about(box):
    letter = cast.quiet_streets()
    cast.bela(letter)
    before = len(box.mails())
    changed(letter)
    notices.spread()
    [mail] = box.mails()[before:]
    told = box.text() + mail["Subject"]
    assert "There is news" in told and "Quiet" not in told and "changed" not in told


def test_at_risk_both_rolls_change_in_one_batch():
    letter = cast.quiet_streets()
    bela = cast.bela(letter)
    first, now = letter.current, timezone.now()
    enrolling.enrol(at=now)
    enrolling.enrol(at=now + timedelta(hours=3))
    assert (living(first), enrolling.tally(letter).signatures) == (1, 1)
    letter = changed(letter)
    agreeing.agree(bela, version=2, language="en")
    enrolling.enrol(at=now + timedelta(hours=3, seconds=30))
    assert (living(first), living(letter.current)) == (1, 0)
    enrolling.enrol(at=now + timedelta(hours=6))
    enrolling.enrol(at=now + timedelta(hours=9))
    assert (living(first), living(letter.current)) == (0, 1)
    assert enrolling.tally(letter).signatures == 1


def test_who_confirms_after_the_change_is_told_so(letter):
    attempt = cast.attempt(letter)
    changed(letter)
    path = f"/s/{tokens.make(tokens.CONFIRM, attempt)}/"
    assert "has been changed since" in Client().get(path).content.decode()
    thanks = Client().post(path).content.decode()
    assert "Sign the changed text as well" in thanks
    assert cast.fresh(attempt).version.number == 1


def test_each_version_goes_to_its_offices_with_those_who_signed_it(letter):
    cast.bela(letter)
    eve = cast.confirmed(letter, name="Eve Adeyemi", email="eve@mail.example", visibility="recipient")
    letter = changed(letter, office="Ministry of Water")
    agree(eve)
    deliveries = preparing.prepare(letter)
    assert [(d.recipient.version.number, d.recipient.office) for d in deliveries] == [
        (2, "Ministry of the Interior"), (2, "Ministry of Health"), (2, "Ministry of Water"),
        (1, "Ministry of the Interior"), (1, "Ministry of Health"),
    ]  # fmt: skip
    named = {
        d.recipient.version.number: [one["name"] for one in freezing.edition_now(d.dossier)["signatories"]]
        for d in deliveries
    }
    assert named == {2: ["Eve Adeyemi"], 1: ["Bela Horvát"]}
    assert json.loads(deliveries[-1].dossier.public_edition)["changed_since"] == 2
    assert "changed_since" not in json.loads(deliveries[0].dossier.public_edition)
    assert preparing.prepare(letter) == []


def test_who_agrees_after_a_dossier_was_frozen_stands_in_one_of_them_only(letter):
    bela = cast.bela(letter)
    letter = changed(letter)
    earlier = freezing.freeze(letter, version=letter.versions.get(number=1))
    agree(bela)
    enrolling.enrol()
    assert freezing.edition_now(earlier)["signatories"] == []
    assert [line.name for line in freezing.lines_now(freezing.freeze(letter))] == ["Bela Horvát"]


def test_the_command_says_which_version_an_office_gets(letter, capsys, settings):
    settings.OPERATOR_MAY_RELEASE = True
    cast.bela(letter)
    cast.confirmed(changed(letter), name="Eve Adeyemi", email="eve@mail.example")
    call_command("deliver", "clean-rivers", dry_run=True)
    said = capsys.readouterr().out
    assert "would be served: Ministry of Health\n" in said
    assert "would be served: Ministry of Health, version 1\n" in said


def test_the_desk_begins_a_next_version_once_and_can_throw_it_away(letter):
    esra = cast.esra(letter)
    draft = amending.begin(letter, by=esra)
    assert amending.begin(letter, by=esra) == draft
    amending.discard(letter, by=esra)
    assert letter.versions.count() == 1
    with pytest.raises(amending.NothingToDiscard):
        amending.discard(letter, by=esra)
    assert set(Trail.objects.values_list("what", flat=True)) >= {
        "next version begun", "next version discarded",
    }  # fmt: skip
    assert Message.objects.count() == 0
