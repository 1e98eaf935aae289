"""Esra asks for the list for the press, Dunya approves that very file, and Esra takes it out once."""

import zipfile

import pytest
from django.test import Client
from playwright.sync_api import expect

from exports import building
from exports.models import Export
from letters.models import Role
from tests import cast, entering
from tests.stories.accessible import is_accessible

pytestmark = pytest.mark.django_db(transaction=True)

LISTS = "/desk/letters/clean-rivers/exports/"


@pytest.fixture
def desks(browser, browser_context_args, site):
    """Esra, who takes lists out, and Dunya, who owns the letter, each in a browser of her own."""
    letter, contexts, pages = cast.clean_rivers(), [], []
    cast.bela(letter)
    cast.confirmed(letter, name="Carla Canary", email="carla@mail.example", visibility="counted")
    for name, kind in (("Esra", Role.Kind.EXPORTER), ("Dunya", Role.Kind.OWNER)):
        client = Client()
        entering.enter(client, cast.esra(letter, kind, name=name))
        context = browser.new_context(**browser_context_args, accept_downloads=True)
        context.add_cookies(
            [{"name": key, "value": morsel.value, "url": site} for key, morsel in client.cookies.items()]
        )
        contexts.append(context)
        pages.append(context.new_page())
    yield pages
    for context in contexts:
        context.close()


def test_a_list_for_the_press_leaves_by_two_people(desks, site, tmp_path):
    esra, dunya = desks
    esra.goto(f"{site}{LISTS}")
    esra.get_by_role("link", name="Ask for a list").click()
    esra.get_by_label("For whom").select_option("press")
    esra.get_by_label("Format").select_option("xlsx")
    esra.get_by_label("What it is needed for").fill("For the evening paper.")
    esra.get_by_role("button", name="Look at it").click()
    expect(esra.get_by_role("cell", name="Bela Horvát").first).to_be_visible()
    is_accessible(esra)
    esra.get_by_role("button", name="Propose it").click()
    expect(esra.get_by_text("then somebody else approves it")).to_be_visible()
    assert building.build(Export.objects.get().pk)  # as the worker does
    esra.reload()
    expect(esra.get_by_text("Somebody else who takes out lists")).to_be_visible()
    expect(esra.get_by_role("button", name="Approve this file")).to_have_count(0)

    dunya.goto(f"{site}{LISTS}")
    expect(dunya.locator(".hash").first).to_have_text(Export.objects.get().sha256)
    dunya.get_by_role("button", name="Approve this file").click()
    expect(dunya.get_by_text("It can be taken out once within 30 minutes.")).to_be_visible()
    is_accessible(dunya)

    esra.reload()
    with esra.expect_download() as leaving:
        esra.get_by_role("button", name="Take it out").click()
    file = tmp_path / leaving.value.suggested_filename
    leaving.value.save_as(file)
    with zipfile.ZipFile(file) as book:
        rows = book.read("xl/worksheets/sheet1.xml").decode()
    assert "Bela Horvát" in rows and "Carla" not in rows and "@mail.example" not in rows
    esra.reload()
    expect(esra.get_by_role("button", name="Take it out")).to_have_count(0)
    is_accessible(esra)
