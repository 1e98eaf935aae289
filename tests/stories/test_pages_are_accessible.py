"""axe reads every page in every language, in the light and in the dark, as wide as a phone."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from letters.translating import add_translation
from signatories import tokens
from signatories.enrolled import reckoning
from tests import cast, entering, walking
from tests.stories.accessible import is_handy, phone

URDU = {
    "language": "ur",
    "title": "صاف دریا",
    "summary": "مختصر",
    "body": "## مطالبات\n\nہم *مطالبہ* کرتے ہیں۔",
}


@pytest.fixture
def letter(transactional_db):
    letter = cast.clean_rivers()
    add_translation(letter.current, **URDU)
    return letter


@pytest.fixture(params=[("en", "light"), ("ur", "dark")], ids=lambda param: "-".join(param))
def reader(request, page):
    """Opens a page by its name in one language and colour scheme."""
    language, scheme = request.param
    phone(page, scheme)

    def path_of(name, **arguments):
        with translation.override(language):
            return reverse(name, kwargs=arguments)

    page.path_of = path_of
    return page


@pytest.mark.parametrize(
    ("language", "scheme"), [("en", "light"), ("ur", "dark"), ("prs", "light"), ("ps", "dark")]
)
def test_every_page_for_readers(live_server, page, letter, language, scheme):
    phone(page, scheme)
    values = walking.cast_of(letter)
    reckoning.reckon(letter)
    cast.bread_prices()
    cast.quiet_streets()
    paths = {walking.fill_in(route, values) for route in walking.PUBLIC if not route.startswith("dev/")}
    paths |= {"/letters/quiet-streets/", "/letters/bread-prices/", "/letters/quiet-streets/signatories/"}
    prefix = "" if language == "en" else f"/{language}"
    for path in sorted(paths):
        answer = Client().get(prefix + path)
        if is_a_page(answer):
            page.goto(live_server.url + prefix + path)
            is_handy(page)


@pytest.mark.parametrize("language, scheme", [("en", "dark"), ("ur", "light")])
def test_every_page_for_staff(live_server, page, context, letter, language, scheme):
    phone(page, scheme)
    values, staff = walking.cast_of(letter), Client()
    entering.enter(staff, User.objects.create_superuser("owner@desk.example", cast.PASSWORD))
    for name, morsel in staff.cookies.items():
        context.add_cookies([{"name": name, "value": morsel.value, "url": live_server.url}])
    prefix = "" if language == "en" else f"/{language}"
    for route in walking.ROUTES:
        path = prefix + walking.fill_in(route, values)
        # Django's admin is its own affair
        if route.startswith(("accounts/", "desk/")) and is_a_page(staff.get(path)):
            page.goto(live_server.url + path)
            is_handy(page)


def is_a_page(answer) -> bool:
    return (
        answer.headers.get("Content-Type", "").startswith("text/html")
        and answer.status_code != 405
        and "Content-Disposition" not in answer.headers
    )


def test_the_form_with_errors(live_server, reader, letter):
    reader.goto(live_server.url + reader.path_of("letters:show", slug="clean-rivers"))
    reader.locator("form.sign-form button[type=submit]").click()
    assert re.search(r"/sign/$", reader.url)
    assert reader.locator("#form-errors").count() == 1
    is_handy(reader)


@pytest.mark.parametrize("purpose", [tokens.CONFIRM, tokens.MANAGE, tokens.UNSUBSCRIBE])
def test_pages_behind_secret_links(live_server, reader, letter, purpose):
    names = {
        tokens.CONFIRM: "signatories:confirm",
        tokens.MANAGE: "signatories:manage",
        tokens.UNSUBSCRIBE: "signatories:unsubscribe",
    }
    signature = cast.ada(letter) if purpose == tokens.CONFIRM else cast.bela(letter)
    reader.goto(live_server.url + reader.path_of(names[purpose], token=tokens.make(purpose, signature)))
    is_handy(reader)
    if purpose == tokens.CONFIRM:
        reader.locator("button[value=confirm]").click()
        reader.locator("[data-copy]").wait_for()
        is_handy(reader)
