"""The desk's search, through its page: what it finds, and for whom."""

import re

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Trail, User
from letters.models import Role
from letters.translating import add_translation
from signatories.enrolled import enrolling
from signatories.models import Visibility
from tests import cast, entering

pytestmark = pytest.mark.django_db
AT = "/desk/search/"


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def desk(client, letter):
    """Chidi, who moderates one letter, and no other."""
    entering.enter(client, cast.chidi(letter))
    return client


def listed(letter, name, **changes):
    """A public name that everybody can read by now."""
    signature = cast.confirmed(letter, name=name, visibility=Visibility.PUBLIC, **changes)
    enrolling.enrol()
    return signature


def found(client, words):
    """The headings of what is found, kind by kind."""
    text = client.post(AT, {"words": words}).content.decode()
    return re.findall(r"<h3>\s*(?:<a[^>]*>)?<bdi>([^<]*)</bdi>", text)


def test_reading_the_page_finds_nothing_yet(desk):
    assert "type it whole" in desk.get(AT).content.decode()


@pytest.mark.parametrize("words", ["Ngozi", "ngo", "MAH ngozi", "Ngozi Mahlangu"])
def test_a_listed_name_is_found_by_parts_of_it(desk, letter, words):
    listed(letter, "Ngozi Mahlangu", email="ngozi@mail.example")
    assert found(desk, words) == ["Ngozi Mahlangu"]


def test_whichever_keyboard_wrote_a_name(desk, letter):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no function that puts one letter for another")
    listed(letter, "علي كريمي", email="ali@mail.example")  # Arabic yeh and kaf
    assert found(desk, "علی کریمی") == ["علي كريمي"]  # Persian ones


def test_a_name_spelt_nearly_so_is_found_and_said_to_be_near(desk, letter):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no trigrams")
    listed(letter, "Ngozi Mahlangu", email="ngozi@mail.example")
    text = desk.post(AT, {"words": "Ngozi Mahlango"}).content.decode()
    assert "Ngozi Mahlangu" in text
    assert "spelt nearly so" in text


def test_a_sealed_name_is_found_whole_and_never_by_a_part(desk, letter):
    cast.confirmed(letter, name="Li Na", email="li@mail.example", visibility=Visibility.COUNTED)
    assert found(desk, "li  NA") == ["Li Na"]
    assert found(desk, "Li N") == []


def test_an_address_is_found_whole_in_any_spelling_and_that_is_on_the_trail(desk, letter):
    cast.confirmed(letter, name="Eve Adeyemi", email="eve@mail.example")
    assert found(desk, "EVE@mail.example") == ["Eve Adeyemi"]
    line = Trail.objects.first()
    assert (line.what, line.detail) == ("address looked for", {"found": 1})
    assert "with this address" in desk.post(AT, {"words": "nobody@mail.example"}).content.decode()


def test_an_address_tells_no_name_that_is_shown_to_nobody(desk, letter):
    cast.confirmed(letter, name="Li Na", email="li@mail.example", visibility=Visibility.COUNTED)
    text = desk.post(AT, {"words": "li@mail.example"}).content.decode()
    assert "A name that is shown to nobody" in text and "Li Na" not in text


def test_letters_are_found_by_their_titles_and_drafts_too(desk, letter):
    add_translation(
        letter.current, language="ur", title="صاف دریا", summary="", body="ہم صاف پانی مانگتے ہیں۔"
    )
    assert found(desk, "clean riv") == ["Clean Rivers"]
    assert found(desk, "دریا") == ["Clean Rivers"]
    Role.objects.create(letter=cast.night_trains(), user=User.objects.get(), kind=Role.Kind.TRANSLATOR)
    assert found(desk, "night") == ["Night Trains"]


def test_organisations_are_found_by_their_names(client, letter):
    cast.known_union(letter)
    entering.enter(client, cast.chidi(letter))
    assert found(client, "harbour")[0] == "Harbour Workers&#x27; Union"


def test_what_was_done_is_found_by_its_words_and_by_who_did_it(client, letter):
    cast.known_union(letter)
    entering.enter(client, cast.esra(letter))
    for words in ("approve", "Chidi"):
        assert "Chidi Eze" in client.post(AT, {"words": words}).content.decode()


def test_nothing_of_other_letters_is_found(client, letter):
    listed(letter, "Ngozi Mahlangu", email="ngozi@mail.example")
    cast.confirmed(letter, name="Li Na", email="li@mail.example", visibility=Visibility.COUNTED)
    cast.known_union(letter)
    others = cast.quiet_streets()
    entering.enter(client, cast.esra(others, name="Femi"))
    for words in ("Ngozi", "Li Na", "li@mail.example", "harbour", "clean rivers", "approve", "Chidi"):
        assert found(client, words) == []
        assert "Chidi Eze" not in client.post(AT, {"words": words}).content.decode()


@pytest.mark.parametrize("kind", [Role.Kind.AUTHOR, Role.Kind.EXPORTER, Role.Kind.AUDITOR])
def test_without_moderating_no_signature_is_found(client, letter, kind):
    cast.confirmed(letter, name="Eve Adeyemi", email="eve@mail.example")
    entering.enter(client, cast.esra(letter, kind))
    for words in ("Eve Adeyemi", "eve@mail.example"):
        assert found(client, words) == []


@pytest.mark.parametrize("words, told", [("", "Type what you look for."), ("a b", "Type three letters")])
def test_too_little_is_refused_in_words(desk, words, told):
    answer = desk.post(AT, {"words": words})
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_wildcards_are_letters_and_words_in_the_address_find_nothing(desk, letter):
    listed(letter, "Ngozi Mahlangu", email="ngozi@mail.example")
    assert found(desk, "%_%") == []
    assert desk.get(f"{AT}?words=eve@mail.example").content.decode().count("eve@mail.example") == 0


def test_a_stranger_is_asked_to_sign_in():
    assert Client().post(AT, {"words": "Ngozi"}).url.startswith("/accounts/login/")


def test_searching_costs_at_most_22_queries_for_many(desk, letter, django_assert_max_num_queries):
    for number in range(30):
        cast.confirmed(
            letter, name=f"Ngozi {number}", email=f"n{number}@mail.example", visibility=Visibility.PUBLIC
        )
    enrolling.enrol()
    with django_assert_max_num_queries(22):
        text = desk.post(AT, {"words": "Ngozi"}).content.decode()
    assert text.count("<h3>") == 20
    assert "There are others" in text
