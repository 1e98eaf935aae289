"""An update is written by Esra, had mailed by Dunya, read by Bela, and unsubscribed from by one click."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from accounts.models import User
from letters.models import Role
from signatories.models import Signature
from tests import cast, entering
from tests.stories.accessible import is_accessible
from updates import mailing
from updates.models import Update

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def letter():
    letter = cast.clean_rivers()
    cast.bela(letter, updates=True)
    cast.confirmed(letter, email="quiet@people.example", name="Noor Amiri")
    return letter


@pytest.fixture
def hosts(browser, browser_context_args, site, letter):
    """Esra who writes and Dunya who owns the letter, each in a browser where nothing breaks."""
    complaints, contexts, pages = [], [], []
    for name, kind in (("esra", Role.Kind.AUTHOR), ("dunya", Role.Kind.OWNER)):
        user = User.objects.create_user(f"{name}@desk.example", cast.PASSWORD, name=name.title())
        Role.objects.create(letter=letter, user=user, kind=kind)
        client, context = Client(), browser.new_context(**browser_context_args)
        entering.enter(client, user)
        context.add_cookies(
            [{"name": key, "value": morsel.value, "url": site} for key, morsel in client.cookies.items()]
        )
        page = context.new_page()
        page.on("console", lambda line: line.type == "error" and complaints.append(line.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        contexts.append(context)
        pages.append(page)
    yield pages
    for context in contexts:
        context.close()
    assert [line for line in complaints if "422" not in line] == []


def test_an_update_is_written_approved_mailed_and_unsubscribed_from(hosts, page, site, mails):
    esra, dunya = hosts
    mails()
    esra.goto(f"{site}/desk/letters/clean-rivers/")
    esra.get_by_role("link", name="Updates for signers who asked").click()
    is_accessible(esra)
    esra.get_by_role("button", name="Write an update").click()
    esra.get_by_label("Subject").fill("The river is clean")
    esra.locator("#id_body").press_sequentially("They *heard* us.")
    expect(esra.locator("#preview em")).to_have_text("heard")
    is_accessible(esra)
    esra.get_by_role("button", name="Save").click()
    esra.get_by_label("Another language").select_option("ur")
    esra.get_by_role("button", name="Translate").click()
    esra.get_by_label("Subject").fill("دریا صاف ہے")
    esra.locator("#id_body").fill("انہوں نے ہماری بات سنی۔")
    is_accessible(esra)
    esra.get_by_role("button", name="Save").click()
    esra.get_by_role("button", name=re.compile("^Send it to me\\s+English")).click()
    (trial,) = mails()
    assert trial.to == "esra@desk.example"
    is_accessible(esra)
    esra.get_by_role("button", name="Propose it").click()
    expect(esra.get_by_text("Somebody else who owns the letter has it mailed").first).to_be_visible()

    dunya.goto(re.sub("/$", "/", esra.url))
    is_accessible(dunya)
    dunya.get_by_role("button", name="Have it mailed").click()
    expect(dunya.get_by_role("heading", name="It is being mailed")).to_be_visible()
    is_accessible(dunya)
    assert mailing.spread() == 1
    (mail,) = mails()
    assert (mail.to, mail.subject) == (cast.BELA, "The river is clean")
    expect(dunya.get_by_role("heading", name="It has been mailed")).to_be_visible(timeout=10_000)
    is_accessible(dunya)

    private, unsubscribe = mail.links
    page.goto(private)
    expect(page.get_by_role("heading", name="The river is clean")).to_be_visible()
    is_accessible(page)
    page.goto(unsubscribe)
    page.get_by_role("button", name="Send me no more news").click()
    expect(page.get_by_text("You will get no more news of this letter")).to_be_visible()
    assert not Signature.objects.filter(updates=True).exists()
    assert not mailing.wanted(Update.objects.get()).exists()
