"""Bela confirms, manages and unsubscribes; a browser tells every request it makes meanwhile."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from signatories import tokens
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = re.compile(r"/[smu]/([^/]+)/")


@pytest.fixture
def requests(page: Page):
    """Every request that left meanwhile, with the headers that the browser really sent."""
    made = []
    page.on("requestfinished", lambda request: made.append((request, request.all_headers())))
    return made


def told(requests, secret: str) -> list[str]:
    """Where a token was told to anybody but by asking for its own page."""
    found = []
    for request, headers in requests:
        path = urlsplit(request.url).path
        own_page = request.is_navigation_request() and re.search(rf"/[smu]/{re.escape(secret)}/$", path)
        if secret in request.url and not own_page:
            found.append(f"the address of {path}")
        found += [
            f"{name} of {path}" for name, value in headers.items() if secret in value and name != ":path"
        ]
        if request.post_data and secret in request.post_data:
            found.append(f"the body of {path}")
    return found


def test_t03_t32_asvs10_no_request_tells_a_private_link_and_none_leaves_the_site(
    page, site, mails, clock, requests
):
    letter = cast.clean_rivers()
    attempt = cast.attempt(letter, name="Bela Horvát", email=cast.BELA)
    [mail] = mails()
    page.goto(next(link for link in mail.links if "/s/" in link))
    page.get_by_role("button", name="Confirm my signature").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    clock()
    [second] = [mail for mail in mails() if "/m/" in mail.text]
    manage = next(link for link in second.links if "/m/" in link)
    page.goto(manage)
    page.get_by_role("button", name=re.compile("hide", re.IGNORECASE)).first.click()
    expect(page.get_by_role("status")).to_be_visible()
    page.goto(f"{site}/u/{tokens.make(tokens.UNSUBSCRIBE, attempt)}/")
    page.locator("form button").first.click()
    page.goto(manage)
    page.locator("a[href*='/letters/clean-rivers/']").first.click()
    expect(page).to_have_url(re.compile("/letters/clean-rivers/"))
    secrets = {
        tokens.make(purpose, attempt) for purpose in (tokens.CONFIRM, tokens.MANAGE, tokens.UNSUBSCRIBE)
    }
    asked = {match[1] for request, _ in requests if (match := TOKEN.search(request.url))}
    assert asked == secrets, "the search itself works"
    assert len(requests) > len(secrets), "styles are asked for as well"
    for secret in secrets:
        assert told(requests, secret) == []
    assert {urlsplit(request.url).netloc for request, _ in requests} == {urlsplit(site).netloc}
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
