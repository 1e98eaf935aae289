"""A host hands in a list with a mistake, mends it, sends it, and sees that an organisation has signed."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from signatories.models import Signature
from tests import cast, entering
from tests.stories.accessible import is_accessible

pytestmark = pytest.mark.django_db(transaction=True)

LIST = """\
Harbour Workers' Union, secretary@harbour-workers.example, en, PT
Lake Watch, office-at-lake-watch.example
دریا دوست, office@darya-dost.example, ur, PK"""


@pytest.fixture
def people(browser, browser_context_args, site):
    """Esra at her desk and Ines of the union, each in a browser in which nothing breaks."""
    complaints, contexts, pages = [], [], []
    for _ in range(2):
        context = browser.new_context(**browser_context_args)
        page = context.new_page()
        page.on("console", lambda line: line.type == "error" and complaints.append(line.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        contexts.append(context)
        pages.append(page)
    client = Client()
    entering.enter(client, cast.esra(cast.clean_rivers()))
    contexts[0].add_cookies(
        [{"name": key, "value": morsel.value, "url": site} for key, morsel in client.cookies.items()]
    )
    yield pages
    for context in contexts:
        context.close()
    assert [line for line in complaints if "422" not in line] == []


def link_in(mail, *, end=""):
    return re.search(rf"http\S+/o/[^/\s]+/{end}(?=\s)", mail.text)[0]


def test_esra_invites_three_organisations_and_one_signs(people, site, mails):
    esra, ines = people
    esra.goto(f"{site}/desk/letters/clean-rivers/")
    esra.get_by_role("link", name="Ask organisations to sign").click()
    expect(esra.get_by_text("nothing is sent before you say so")).to_be_visible()
    is_accessible(esra)
    esra.get_by_label("Organisations, one a line").fill(LIST)
    esra.get_by_role("button", name="Look at the list").click()
    expect(esra.get_by_role("alert")).to_contain_text("Line 2")
    expect(esra.get_by_role("alert")).to_contain_text("an e-mail address with an @")
    again = esra.get_by_label("Organisations, one a line")
    expect(again).to_have_value("Lake Watch, office-at-lake-watch.example")
    is_accessible(esra)
    again.fill("Lake Watch, office@lake-watch.example")
    esra.get_by_role("button", name="Look at the list").click()
    expect(esra.get_by_role("heading", name="3 prepared, not sent")).to_be_visible()
    is_accessible(esra)
    assert mails() == []
    esra.get_by_role("button", name="Send the invitations").click()
    expect(esra.get_by_role("status")).to_contain_text("3 invitations leave now.")
    by_address = {mail.to: mail for mail in mails()}
    assert set(by_address) == {cast.UNION, "office@lake-watch.example", "office@darya-dost.example"}

    ines.goto(link_in(by_address["office@darya-dost.example"]))
    expect(ines.locator("html")).to_have_attribute("lang", "ur")
    is_accessible(ines)
    ines.goto(link_in(by_address["office@lake-watch.example"], end="decline/"))
    is_accessible(ines)
    ines.get_by_role("button", name="Decline").click()
    expect(ines.get_by_role("status")).to_contain_text("You have declined")

    ines.goto(link_in(by_address[cast.UNION]))
    expect(ines.get_by_label("I sign for an organisation")).to_be_checked()
    expect(ines.get_by_label("Name of the organisation")).to_have_value("Harbour Workers' Union")
    is_accessible(ines)
    ines.get_by_label("Your name").fill("Ines Duarte")
    ines.get_by_label("E-mail address").fill(cast.UNION)
    ines.get_by_label("Website of the organisation").fill("harbour-workers.example")
    ines.locator("#id_authorised").check()
    ines.locator("#id_consent").check()
    ines.get_by_role("button", name="Sign", exact=True).click()
    expect(ines).to_have_url(re.compile("/check-your-email/$"))
    esra.reload()
    assert states_of(esra) == {"opened": 2, "declined": 1}
    [mail] = mails()
    ines.goto(re.search(r"http\S+/s/\S+", mail.text)[0])
    ines.get_by_role("button", name="Confirm my signature").click()
    expect(ines.get_by_role("heading", level=1)).to_be_visible()
    esra.reload()
    assert states_of(esra) == {"opened": 1, "signed": 1, "declined": 1}
    assert Signature.objects.get().held_at, "a moderator looks at it before it counts"


def states_of(page):
    """What the host reads beside each organisation, counted."""
    shown = page.locator(".state").all_inner_texts()
    return {state: shown.count(state) for state in shown}
