"""An office follows the link in its mail, downloads and answers the letter; a host publishes what it says."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from answers import telling
from deliveries import links, preparing, sending
from deliveries.models import Delivery
from letters.translating import add_translation
from tests import cast, entering
from tests.emptying import empty_cache
from tests.postbox import open_postbox
from tests.stories.accessible import is_accessible, is_handy, phone
from tests.stories.test_pages_are_accessible import URDU

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "We have read your letter and shall answer in full by the end of the month."


@pytest.fixture
def delivery(site, settings, tmp_path) -> Delivery:
    """The letter as the Ministry of the Interior has got it."""
    settings.PDF_CERTIFICATE, settings.OPERATOR_MAY_RELEASE = str(tmp_path / "certificate.p12"), True
    letter = cast.clean_rivers()
    add_translation(letter.current, **URDU)
    cast.bela(letter)
    box = settings.EMAIL_URL
    with open_postbox() as postbox:
        settings.EMAIL_URL = postbox.url
        first = preparing.prepare(letter)[0]
        assert sending.send(first)
    settings.EMAIL_URL = box
    return Delivery.objects.get(pk=first.pk)


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ur", "dark")])
def test_an_offices_page_is_for_everybody(page: Page, site, delivery, language, scheme):
    phone(page, scheme)
    path = links.address(delivery).removeprefix(site)
    page.goto(f"{site}/ur{path}" if language == "ur" else f"{site}{path}")
    is_handy(page)
    page.locator("button[value=answer]").click()
    expect(page.locator("#form-errors")).to_be_visible()
    is_handy(page)
    page.locator("#id_text").fill(WORDS)
    page.locator("button[value=answer]").click()
    expect(page.get_by_role("status")).to_be_visible()
    page.locator("button[value=wrong]").click()
    expect(page.get_by_role("status")).to_be_visible()
    is_handy(page)
    empty_cache()
    page.goto(f"{site}/letters/clean-rivers/")
    is_handy(page)


def test_an_office_answers_and_signers_are_told(page: Page, site, delivery, mails, browser):
    letter = delivery.dossier.letter
    cast.confirmed(letter, name="Noor", email="noor@mail.example", updates=True)
    mails()
    page.goto(links.address(delivery))
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the letter (PDF)").click()
    assert download.value.suggested_filename == "clean-rivers.pdf"
    page.get_by_role("button", name="We have received it").click()
    expect(page.get_by_role("status")).to_contain_text("your office has the letter")
    page.get_by_label("Your answer").fill(WORDS)
    page.get_by_label("Name of who answers (optional)").fill("N. Qadri")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("status")).to_contain_text("before it is published")
    expect(page.get_by_role("region", name="What you have answered")).to_contain_text("it is being read")
    assert page.context.cookies() == []
    at_the_desk(browser, site, letter)
    assert telling.spread() == 1
    [mail] = [mail for mail in mails() if mail.to == "noor@mail.example"]
    empty_cache()
    page.goto(next(link for link in mail.links if link.endswith("/letters/clean-rivers/")))
    expect(page.get_by_role("region", name="What the offices reply")).to_contain_text("Answered on")
    page.get_by_text("Read the answer").click()
    expect(page.get_by_text(WORDS)).to_be_visible()


def at_the_desk(browser, site, letter) -> None:
    """Esra reads the answer and publishes it."""
    client, context = Client(), browser.new_context()
    entering.enter(client, cast.esra(letter))
    context.add_cookies(
        [{"name": key, "value": morsel.value, "url": site} for key, morsel in client.cookies.items()]
    )
    page = context.new_page()
    page.goto(f"{site}/desk/letters/clean-rivers/")
    page.get_by_role("link", name="What the offices answer").click()
    expect(page.get_by_text(WORDS)).to_be_visible()
    is_accessible(page)
    page.get_by_role("button", name="Publish it").click()
    expect(page.get_by_text("Published.", exact=True)).to_be_visible()
    context.close()
