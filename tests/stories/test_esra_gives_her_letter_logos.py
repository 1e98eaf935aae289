"""A host gives those who write her letter a logo and an order, and sees both on a phone and on its page."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from letters import publishing
from letters.models import Author
from tests import cast, entering
from tests.logos import pictures
from tests.stories.accessible import is_accessible

pytestmark = pytest.mark.django_db(transaction=True)

DRAFT = "/desk/letters/night-trains/draft/"


@pytest.fixture
def letter():
    letter = cast.night_trains()
    Author.objects.create(letter=letter, order=1, name="Lake Watch")
    return letter


@pytest.fixture
def complaints(page):
    found = []
    page.on("console", lambda line: line.type == "error" and found.append(line.text))
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def esra(page, context, live_server, letter):
    client = Client()
    entering.enter(client, cast.esra(letter))
    for name, morsel in client.cookies.items():
        context.add_cookies([{"name": name, "value": morsel.value, "url": live_server.url}])
    page.goto(live_server.url + DRAFT)
    return page


def pixels(image):
    """How wide the picture is that the browser has drawn."""
    return image.evaluate("async image => { await image.decode(); return image.naturalWidth }")


def test_a_host_hands_in_a_logo_and_sees_it_on_the_letter_s_page(esra, live_server, letter, complaints):
    row = esra.locator("#authors ~ ol > li").first
    row.get_by_role("link", name="Give it a logo").click()
    is_accessible(esra)
    picture = {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": pictures.SVG}
    esra.get_by_label("Picture").set_input_files(picture)
    esra.get_by_role("button", name="Save").click()
    expect(esra.locator("#error_1_id_picture")).to_contain_text("more than a picture")
    is_accessible(esra)
    picture = {"name": "ring.jpg", "mimeType": "image/jpeg", "buffer": pictures.photographed()}
    esra.get_by_label("Picture").set_input_files(picture)
    esra.get_by_role("button", name="Save").click()
    assert pixels(esra.get_by_role("img", name="Logo of River Watch")) == 160
    esra.locator("#authors ~ ol > li").last.get_by_role("button", name="Name it earlier").click()
    expect(esra.locator("#authors ~ ol h3")).to_have_text(["Lake Watch", "River Watch"])
    is_accessible(esra)

    publishing.publish(letter)
    esra.goto(f"{live_server.url}/letters/night-trains/")
    assert pixels(esra.get_by_role("img", name="Logo of River Watch")) == 160
    expect(esra.locator(".from li")).to_contain_text(["Lake Watch", "River Watch"])
    for width in (360, 1280):
        esra.set_viewport_size({"width": width, "height": 780})
        is_accessible(esra)
    assert [line for line in complaints if "422" not in line] == []


def test_the_phone_shows_the_page_and_what_is_typed(esra, complaints):
    esra.goto(esra.url.split("#")[0] + "text/en/")
    phone = esra.frame_locator("iframe[name=phone]")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Night Trains")
    assert phone.locator("html").evaluate("() => innerWidth") == 360
    assert phone.locator("html").evaluate("html => html.scrollWidth") == 360
    esra.locator("#id_body").fill("We ask for *sleepers*.")
    expect(phone.locator("article.prose em")).to_have_text("sleepers")
    esra.locator("#id_title").fill("Slow Trains")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Slow Trains")
    expect(phone.get_by_role("button", name="Sign")).to_be_disabled()
    is_accessible(esra)
    assert complaints == []


@pytest.fixture
def browser_context_args(browser_context_args, request):
    """Without JavaScript where a test says so."""
    return browser_context_args | {"java_script_enabled": "without_javascript" not in request.node.name}


def test_the_phone_shows_what_is_typed_without_javascript(esra, letter):
    esra.goto(esra.url.split("#")[0] + "text/en/")
    esra.locator("#id_title").fill("Slow Trains")
    esra.locator("#id_body").fill("We ask for *sleepers*.")
    esra.get_by_role("button", name="Show it on the phone").click()
    phone = esra.frame_locator("iframe[name=phone]")
    expect(phone.locator("h1")).to_have_text("Slow Trains")
    expect(phone.locator("article.prose em")).to_have_text("sleepers")
    assert letter.versions.get().translations.get().title == "Night Trains"
