"""The draft as its signers will find it: seen at the desk, and nothing comes of it."""

import pytest
from django.test import Client

from letters import amending
from letters.models import Letter
from letters.translating import add_translation
from tests import cast, entering, headers
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


TYPED = {"title": "Night Boats", "summary": "Boats.", "body": "We ask for *boats*. <script>alert(1)</script>"}


def test_what_is_typed_is_seen_before_it_is_saved(owner, draft):
    page = owner.post(PAGE, TYPED).content.decode()
    assert "Night Boats</h1>" in page and "<em>boats</em>" in page
    assert "Night Trains</h1>" not in page and "<script>alert" not in page
    assert draft.versions.get().translations.get().title == "Night Trains"


def test_a_translation_that_is_only_typed_is_seen_in_its_language(owner, draft):
    page = owner.post("/ur" + PAGE, URDU).content.decode()
    assert URDU["title"] in page and 'dir="rtl"' in page
    assert draft.versions.get().translations.count() == 1


def test_the_phone_beside_the_text_is_that_page_and_nobody_else_may_frame_it(owner):
    text = owner.get("/desk/letters/night-trains/draft/text/ur/")
    phone = text.content.decode().split("<iframe")[1].split("</iframe>")[0]
    assert f'src="/ur{PAGE}"' in phone and 'width="360"' in phone and 'sandbox="allow-same-origin"' in phone
    assert 'formtarget="phone"' in text.content.decode()
    headers.check(text)
    framed = owner.get("/ur" + PAGE, headers={"sec-fetch-dest": "iframe"})
    headers.check(framed)
    assert '<base target="_blank">' in framed.content.decode()
    assert "Back to the draft" not in framed.content.decode()
    assert "<base" not in owner.get(PAGE).content.decode()
    headers.check(Client().get(PAGE))


def test_the_next_version_of_a_published_letter_is_seen_too(client):
    letter = cast.clean_rivers()
    user = cast.esra(letter)
    amending.begin(letter, by=user)
    entering.enter(client, user)
    page = "/desk/letters/clean-rivers/draft/as-read/"
    assert f'href="{page}"' in client.get("/desk/letters/clean-rivers/draft/").content.decode()
    answer = client.post(page, TYPED)
    assert "Night Boats</h1>" in answer.content.decode() and "<fieldset disabled>" in answer.content.decode()
    assert "Night Boats" not in Client().get("/letters/clean-rivers/").content.decode()
    assert Letter.objects.get().current == letter.current


def test_what_is_published_has_a_page_of_its_own(client):
    letter = cast.clean_rivers()
    entering.enter(client, cast.esra(letter))
    assert client.get("/desk/letters/clean-rivers/draft/as-read/").status_code == 404
    assert "fieldset disabled" not in Client().get("/letters/clean-rivers/").content.decode()
