"""The words of the demo: whole in every language, and pointing at nobody who exists."""

import re
import unicodedata
from collections import Counter

import pytest

from deliveries.demo import reading
from letters.models import Letter, Recipient, Role
from scrutiny import naming
from signatories.models import Visibility

LETTERS = {letter.slug: letter for letter in reading.read()}
AFGHANS = LETTERS["halt-expulsion-of-afghans"]
TEXTS = [text for letter in LETTERS.values() for text in letter.texts]
each_letter = pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
each_text = pytest.mark.parametrize("text", TEXTS, ids=lambda text: f"{text.slug}-{text.language}")


def signatories(letter):
    return letter.organisations + letter.persons


def sections(text):
    """How many numbered demands stand under each heading."""
    parts = re.split(r"^## .+$", text.body, flags=re.MULTILINE)
    return [len(re.findall(r"^\d\. \*\*", part, re.MULTILINE)) for part in parts]


def numbers(text):
    """The figures of a text, whatever digits and separators its language prints."""
    plain = re.sub(r"(?<=\d)[,٬](?=\d)", "", text.body.replace("8 لاکھ 25 ہزار 600", "825600"))
    return Counter(int(found) for found in re.findall(r"\d+", plain) if int(found) > 20)


def test_the_home_page_begins_with_the_afghan_letter():
    assert next(iter(LETTERS)) == "halt-expulsion-of-afghans"
    published = [letter.published_days_ago or 0 for letter in LETTERS.values() if letter.state != "draft"]
    assert published == sorted(published)


def test_there_is_a_letter_of_every_kind():
    kinds = {(letter.risk, letter.state, letter.delivered) for letter in LETTERS.values()}
    assert kinds == {
        ("ordinary", "open", False),
        ("ordinary", "draft", False),
        ("ordinary", "closed", True),
        ("at_risk", "open", False),
    }


@each_text
def test_every_text_has_a_title_a_summary_and_a_body(text):
    assert 0 < len(text.title) <= 60
    assert len(re.findall(r"[.۔](?:\s|$)", text.summary)) == 2
    assert len(text.body.split()) >= 150
    assert "\n## " in text.body


@each_text
def test_no_text_holds_invisible_direction_marks_or_unnormalised_letters(text):
    whole = text.title + text.summary + text.body
    assert not re.search("[\u200b\u200d-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", whole)
    assert unicodedata.is_normalized("NFC", whole)


@each_letter
def test_every_translation_has_the_sections_demands_and_figures_of_the_original(letter):
    for text in letter.translations:
        assert sections(text) == sections(letter.original), text.language
        assert numbers(text) == numbers(letter.original), text.language


def test_the_afghan_letter_is_there_in_four_languages_and_has_the_length_of_a_letter():
    assert AFGHANS.original.language == "en"
    assert [text.language for text in AFGHANS.translations] == ["prs", "ps", "ur"]
    assert 450 <= len(AFGHANS.original.body.split()) <= 650


def test_the_afghan_letter_goes_to_eight_offices_in_a_language_that_exists():
    languages = {text.language for text in AFGHANS.texts}
    countries = [recipient.country for recipient in AFGHANS.recipients]
    assert Counter(countries) == Counter(["PK", "PK", "CH", "US", "GB", "DE", "FR", "AU"])
    assert {recipient.language for recipient in AFGHANS.recipients} <= languages


def test_every_address_and_every_site_lies_under_example():
    for path in reading.HERE.rglob("*.*"):
        if path.suffix in {".md", ".toml"}:
            words = path.read_text(encoding="utf-8")
            hosts = re.findall(r"(?:@|://|www\.)([^\s/\"'<>)]+)", words)
            assert all(host.endswith(".example") for host in hosts), path.name
    for letter in LETTERS.values():
        everybody = [letter.contact, *(one.address for one in letter.recipients)]
        everybody += [one.email for one in signatories(letter)]
        assert all(re.fullmatch(r"[a-z.]+@[a-z.-]+\.example", address) for address in everybody)


@each_letter
def test_every_office_and_every_signatory_has_a_mailbox_of_its_own(letter):
    offices = [recipient.address for recipient in letter.recipients]
    mailboxes = [one.email for one in signatories(letter)]
    assert len(set(offices)) == len(offices) > 0
    assert len(set(mailboxes)) == len(mailboxes)


@each_letter
def test_an_organisation_writes_from_the_domain_of_its_website(letter):
    for organisation in letter.organisations:
        assert organisation.website == f"https://{organisation.email.partition('@')[2]}/"
        assert not organisation.names or organisation.name in organisation.names.values()


@each_letter
def test_countries_and_choices_are_ones_the_form_knows(letter):
    assert all(re.fullmatch("[A-Z]{2}", one.country) for one in signatories(letter))
    assert {one.visibility for one in signatories(letter)} <= set(Visibility.values)
    assert {recipient.channel for recipient in letter.recipients} <= set(Recipient.Channel.values)
    assert letter.risk in Letter.Risk.values


@each_letter
def test_every_name_passes_as_it_is_written(letter):
    for one in letter.organisations:
        assert all(naming.clean_organisation(name) == name for name in (one.name, *one.names.values()))
        assert naming.clean_name(one.representative) == one.representative
    for one in letter.persons:
        assert naming.clean_name(one.name) == one.name
    for one in signatories(letter):
        assert not one.role or naming.clean_role(one.role) == one.role


def test_only_a_country_that_does_not_exist_has_no_code():
    for letter in LETTERS.values():
        for recipient in letter.recipients:
            invented = re.search("Lowmere|Velmora", recipient.office)
            assert bool(invented) != bool(re.fullmatch("[A-Z]{2}", recipient.country))


def test_a_draft_has_no_signatories_and_a_held_one_is_confirmed():
    assert not signatories(LETTERS["night-trains"])
    assert all(one.confirmed for letter in LETTERS.values() for one in signatories(letter) if one.held)


def test_the_cast_is_there():
    people = {one.email.partition("@")[0]: one for one in LETTERS["clean-rivers"].persons}
    assert not people["ada"].confirmed
    assert people["bela"].confirmed
    assert "Harbour Workers’ Union" in {one.name for one in LETTERS["clean-rivers"].organisations}
    assert people["ada"].email not in {member.email for member in reading.read_staff()}


def test_chidi_moderates_and_every_letter_has_an_owner_and_a_second_person():
    staff = reading.read_staff()
    assert [member.role for member in staff if member.name.startswith("Chidi ")] == ["moderator"]
    assert all(member.email.endswith(".example") for member in staff)
    for slug in LETTERS:
        roles = {member.role for member in staff if slug in member.letters}
        assert {Role.Kind.OWNER, Role.Kind.MODERATOR, Role.Kind.EXPORTER} <= roles
