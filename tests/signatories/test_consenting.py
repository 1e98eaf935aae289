import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from deliveries.dossiers import freezing
from letters import publishing
from letters.models import Translation, Version
from letters.publishing import digest, text_of
from signatories import confirming, consenting, forgetting, signing
from signatories.enrolled import enrolling
from signatories.models import Signature, Visibility
from tests import cast

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _ in settings.LANGUAGES]
ANSWERS = {"kind": "person", "name": "Ada Okoye", "email": cast.ADA, "country": "NG", "consent": "on"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wording_is_kept_as_it_is_shown(language):
    kept = consenting.kept(consenting.WORDING, language)
    assert kept == consenting.sentences(language), (
        "A sentence that signers agree to has changed. Give WORDING in signatories/consenting.py a new name "
        "and run manage.py keep_wording; before anybody has agreed to it, manage.py keep_wording --again."
    )


def test_every_wording_that_was_ever_used_is_readable():
    for file in consenting.KEPT.glob("*.json"):
        told = json.loads(file.read_text())
        assert {frozenset(sentences) for sentences in told.values()} and "en" in told
        assert all(sentence for sentences in told.values() for sentence in sentences.values())


def test_another_wording_under_an_old_name_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(consenting, "KEPT", tmp_path)
    call_command("keep_wording", verbosity=0)
    (tmp_path / f"{consenting.WORDING}.json").write_text("{}")
    with pytest.raises(CommandError, match="new name"):
        call_command("keep_wording")
    call_command("keep_wording", again=True)
    assert consenting.kept(consenting.WORDING, "en") == consenting.sentences("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_record_says_which_sentences_were_agreed_to(language):
    letter = cast.clean_rivers()
    with translation.override(language):
        signature = cast.bela(letter, language=language, updates=True)
    today = timezone.now().date().isoformat()
    assert signature.consent == {
        "wording": consenting.WORDING,
        "sentences": consenting.mark(language),
        "language": language,
        "version": 1,
        "text": letter.current.text_hash,
        "choices": {"count": True, "show": True, "deliver": True, "news": True},
        "signed_on": today,
        "confirmed_on": today,
    }
    assert consenting.agreed_to(signature.consent) == consenting.sentences(language)
    assert consenting.agreed_to(signature.consent | {"sentences": "0" * 64}) is None
    assert consenting.agreed_to(signature.consent | {"wording": "../../../etc/passwd"}) is None


@pytest.mark.parametrize(
    ("visibility", "show", "deliver"),
    [("public", True, True), ("recipient", False, True), ("counted", False, False), (None, False, False)],
)
@pytest.mark.parametrize("news", [True, False])
def test_refusing_to_be_shown_delivered_or_written_to_never_blocks_counting(visibility, show, deliver, news):
    letter = cast.clean_rivers()
    chosen = ({"visibility": visibility} if visibility else {}) | ({"updates": "on"} if news else {})
    assert Client().post("/letters/clean-rivers/sign/", ANSWERS | chosen).status_code == 303
    signature = confirming.confirm(Signature.objects.get())
    enrolling.enrol()
    assert signature.consent["choices"] == {"count": True, "show": show, "deliver": deliver, "news": news}
    assert enrolling.tally(letter).signatures == 1


def test_the_form_names_who_receives_the_name_and_that_copies_cannot_be_recalled():
    cast.clean_rivers()
    page = Client().get("/letters/clean-rivers/").content.decode()
    offices = ("Ministry of the Interior", "Ministry of Health")
    assert page.count(" and ".join(f"<bdi>{office}</bdi> (United Kingdom)" for office in offices)) == 2
    assert page.count("They may not protect you. Copies cannot be recalled.") == 2
    assert " checked" not in page and page.count("selected") == 1, "only 'choose a country' is chosen"


def test_taking_back_is_recorded_with_its_day():
    signature = cast.bela(cast.clean_rivers(), updates=True)
    for act, name in ((signing.unsubscribe, "unsubscribed_on"), (signing.hide, "hidden_on"),
                      (signing.withdraw, "withdrawn_on")):  # fmt: skip
        for _ in range(2):
            act(signature)
        signature = cast.fresh(signature)
        assert signature.consent[name] == timezone.now().date().isoformat()
    assert signature.consent["choices"]["show"], "what was agreed to stays as it was"


def test_the_record_outlives_the_name_by_months_and_not_by_days():
    signature = cast.bela(cast.clean_rivers())
    forgetting.forget(at=timezone.now() + timedelta(days=366))
    consent = cast.fresh(signature).consent
    assert consent["signed_on"] == timezone.now().strftime("%Y-%m")
    assert consenting.agreed_to(consent)


def test_t44_a_signature_stays_bound_to_the_text_it_was_given_under():
    letter = cast.clean_rivers()
    bela = cast.bela(letter)
    first = bela.version
    for changed in (first.translations.get(), first.recipients.first()):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(changed).objects.filter(pk=changed.pk).update(
                **({"body": "We ask for less."} if isinstance(changed, Translation) else {"office": "Nobody"})
            )
    draft = publishing.amend(letter)
    draft.translations.update(body="We ask for more.")
    publishing.publish(letter)
    letter.refresh_from_db()
    carla = cast.confirmed(letter, name="Carla Canary", email="carla@people.example")
    bela = cast.fresh(bela)
    assert bela.version == first != carla.version == Version.objects.get(number=2)
    assert bela.consent["text"] == first.text_hash != carla.consent["text"] == carla.version.text_hash
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.filter(pk=bela.pk).update(version=carla.version)
    edition = json.loads(freezing.freeze(letter).public_edition)
    assert edition["text"] == carla.version.text_hash
    assert [told["name"] for told in edition["signatories"]] == ["Carla Canary"]
    original = first.translations.get()
    assert original.text_hash == digest(text_of(original)) and "act" in original.body


def test_seeded_and_signed_records_have_one_shape():
    cast.bela(cast.clean_rivers(), visibility=Visibility.COUNTED)
    call_command("seed", verbosity=0)
    shapes = {
        frozenset(consent) - {"confirmed_on"}
        for consent in Signature.objects.values_list("consent", flat=True)
    }
    assert len(shapes) == 1
