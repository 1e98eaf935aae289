"""Two hosts write a letter from a blank page to its publication, with a translation, at the desk alone."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from accounts.models import User
from letters.models import Role
from tests import cast, entering
from tests.stories.accessible import is_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hosts(browser, browser_context_args, live_server):
    """Esra and Dunya, each in a browser of her own in which nothing breaks or goes against the policy."""
    complaints, contexts, pages = [], [], []
    for name in ("esra", "dunya"):
        user = User.objects.create_user(f"{name}@desk.example", cast.PASSWORD, name=name.title())
        client, context = Client(), browser.new_context(**browser_context_args)
        entering.enter(client, user)
        cookies = [
            {"name": key, "value": morsel.value, "url": live_server.url}
            for key, morsel in client.cookies.items()
        ]
        context.add_cookies(cookies)
        page = context.new_page()
        page.on("console", lambda line: line.type == "error" and complaints.append(line.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        contexts.append(context)
        pages.append(page)
    yield pages
    for context in contexts:
        context.close()
    assert [line for line in complaints if "422" not in line] == []


def test_two_hosts_write_translate_review_and_publish_a_letter(hosts, live_server):
    esra, dunya = hosts
    esra.goto(f"{live_server.url}/desk/")
    esra.get_by_role("link", name="Begin a letter").click()
    is_accessible(esra)
    esra.locator("#id_title").fill("Open Wells")
    esra.locator("#id_slug").fill("open wells")
    esra.get_by_role("button", name="Begin").click()
    expect(esra.locator(".invalid-feedback")).to_be_visible()
    esra.locator("#id_slug").fill("open-wells")
    esra.get_by_role("button", name="Begin").click()

    esra.locator("#id_body").press_sequentially("We ask for *clean* water.")
    expect(esra.locator("#preview em")).to_have_text("clean")
    is_accessible(esra)
    esra.get_by_role("button", name="Save").click()
    expect(esra.get_by_text("addressed to nobody")).to_be_visible()
    is_accessible(esra)
    esra.get_by_role("link", name="Add an office").click()
    esra.locator("#id_office").fill("Ministry of Water")
    esra.get_by_label("E-mail address of the office").fill("water@lowmere.example")
    is_accessible(esra)
    esra.get_by_role("button", name="Save").click()
    esra.get_by_role("link", name="Add an organisation").click()
    esra.locator("#id_name").fill("River Watch")
    esra.get_by_role("button", name="Save").click()
    esra.get_by_role("link", name="Change").click()
    esra.get_by_label("Address for readers and offices").fill("hosts@river-watch.example")
    esra.get_by_role("button", name="Save").click()

    esra.get_by_label("Another language").select_option("ur")
    esra.get_by_role("button", name="Translate").click()
    expect(esra.get_by_role("heading", name="The original")).to_be_visible()
    esra.locator("#id_title").fill("کھلے کنویں")
    esra.locator("#id_body").fill("ہم صاف پانی مانگتے ہیں۔")
    is_accessible(esra)
    esra.get_by_role("button", name="Save").click()
    expect(esra.get_by_text("Nobody has reviewed the translation")).to_be_visible()

    Role.objects.create(
        letter_id=Role.objects.get().letter_id, user=User.objects.get(name="Dunya"), kind=Role.Kind.OWNER
    )
    dunya.goto(f"{live_server.url}/desk/letters/open-wells/draft/")
    dunya.get_by_role("button", name="I have compared it").click()
    esra.reload()
    esra.get_by_role("button", name="Propose it for publication").click()
    dunya.reload()
    dunya.get_by_role("button", name="Publish").click()
    expect(dunya.get_by_text("From now on the text never changes")).to_be_visible()
    dunya.goto(f"{live_server.url}/ur/letters/open-wells/")
    expect(dunya.get_by_role("heading", level=1)).to_have_text("کھلے کنویں")
