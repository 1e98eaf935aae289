"""The draft as its signers will find it: seen at the desk, and nothing comes of it."""

import pytest
from django.test import Client

from letters.models import Letter
from letters.translating import add_translation
from tests import cast, entering
from tests.letters.test_comparing import URDU

pytestmark = pytest.mark.django_db

PAGE = "/desk/letters/night-trains/draft/as-read/"


@pytest.fixture
def draft():
    return cast.night_trains()


@pytest.fixture
def owner(client, draft):
    entering.enter(client, cast.esra(draft))
    return client


def test_it_is_the_public_page_with_a_form_that_sends_nothing(owner, draft):
    assert PAGE in owner.get("/desk/letters/night-trains/draft/").content.decode()
    answer = owner.get(PAGE)
    page = answer.content.decode()
    assert "Night Trains" in page and "as its readers will find it" in page
    form = page.split("<fieldset disabled>")[1].split('id="check"')[0]
    assert 'name="email"' in form
    assert "public" not in answer["Cache-Control"]


def test_it_speaks_the_language_of_its_address(owner, draft):
    add_translation(draft.versions.get(), **URDU)
    assert URDU["title"] in owner.get("/ur" + PAGE).content.decode()


def test_nothing_of_it_is_saved_and_no_reader_sees_it(owner, draft):
    owner.get(PAGE)
    letter = Letter.objects.get(pk=draft.pk)
    assert (letter.current, letter.published_at, letter.opens_at) == (None, None, draft.opens_at)
    assert letter.versions.get().published_at is None
    assert Client().get("/letters/night-trains/").status_code == 404
    assert Client().get(PAGE).status_code == 302


def test_what_is_published_has_a_page_of_its_own(client):
    letter = cast.clean_rivers()
    entering.enter(client, cast.esra(letter))
    assert client.get("/desk/letters/clean-rivers/draft/as-read/").status_code == 404
    assert "fieldset disabled" not in Client().get("/letters/clean-rivers/").content.decode()
