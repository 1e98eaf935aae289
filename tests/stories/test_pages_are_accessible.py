"""axe reads every public page, in the light from left to right and in the dark from right to left."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import translation

from letters.translating import add_translation
from signatories import tokens
from tests import cast

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
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": 360, "height": 780})

    def path_of(name, **arguments):
        with translation.override(language):
            return reverse(name, kwargs=arguments)

    page.path_of = path_of
    return page


def assert_accessible(page):
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, "wider than the screen"
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, .btn, select, input, nav a, summary")]
            .filter(element => element.checkVisibility())
            .filter(element => !element.closest(".elsewhere, .form-check, [type=hidden]"))
            .filter(element => element.getBoundingClientRect().height < 43.5)
            .map(element => element.outerHTML.slice(0, 90))"""
    )
    assert small == []


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("letters:index", {}),
        ("letters:privacy", {}),
        ("letters:show", {"slug": "clean-rivers"}),
        ("letters:show", {"slug": "quiet-streets"}),
        ("letters:show", {"slug": "bread-prices"}),
        ("signatories:signatories", {"slug": "clean-rivers"}),
        ("signatories:check_your_email", {"slug": "clean-rivers"}),
        ("signatories:reported", {"slug": "clean-rivers"}),
        ("signatories:request_link", {}),
    ],
)
def test_pages_for_readers(live_server, reader, letter, name, arguments):
    cast.bela(letter)
    cast.bread_prices()
    cast.quiet_streets()
    reader.goto(live_server.url + reader.path_of(name, **arguments))
    assert_accessible(reader)


def test_reporting_a_name(live_server, reader, letter):
    bela = cast.bela(letter)
    reader.goto(live_server.url + reader.path_of("signatories:signatories", slug="clean-rivers"))
    reader.locator("a.report").click()
    assert bela.listing.public_id in reader.url
    assert_accessible(reader)
    reader.locator("main form button[type=submit]").click()
    assert reader.locator("#form-errors").count() == 1
    assert_accessible(reader)
    reader.locator("input[value=not_me]").check()
    reader.locator("main form button[type=submit]").click()
    reader.wait_for_url("**/reported/")
    assert bela.reports.get().reason == "not_me"


def test_the_form_with_errors(live_server, reader, letter):
    reader.goto(live_server.url + reader.path_of("letters:show", slug="clean-rivers"))
    reader.locator("form.sign-form button[type=submit]").click()
    assert re.search(r"/sign/$", reader.url)
    assert reader.locator("#form-errors").count() == 1
    assert_accessible(reader)


@pytest.mark.parametrize("purpose", [tokens.CONFIRM, tokens.MANAGE, tokens.UNSUBSCRIBE])
def test_pages_behind_secret_links(live_server, reader, letter, purpose):
    names = {
        tokens.CONFIRM: "signatories:confirm",
        tokens.MANAGE: "signatories:manage",
        tokens.UNSUBSCRIBE: "signatories:unsubscribe",
    }
    signature = cast.ada(letter) if purpose == tokens.CONFIRM else cast.bela(letter)
    reader.goto(live_server.url + reader.path_of(names[purpose], token=tokens.make(purpose, signature)))
    assert_accessible(reader)
    if purpose == tokens.CONFIRM:
        reader.locator("button[value=confirm]").click()
        reader.locator("[data-copy]").wait_for()
        assert_accessible(reader)
