"""A person signs: by the link in the mail, by the code in it, and takes it back."""

import pytest
from playwright.sync_api import Page, expect

from signatories import tokens
from signatories.models import Signature
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


def fill_in(page: Page, site: str) -> None:
    page.goto(f"{site}/letters/clean-rivers/")
    page.get_by_label("A person", exact=False).first.check()
    page.locator("#id_name").fill("Ada Okoye")
    page.locator("#id_email").fill(cast.ADA)
    page.locator("#id_country").select_option("NG")
    page.locator("input[name=visibility][value=public]").check()
    page.locator("#id_consent").check()
    page.get_by_role("button", name="Sign").click()
    expect(page).to_have_url(f"{site}/letters/clean-rivers/check-your-email/")


@pytest.fixture
def count(page: Page, site: str, fresh_cache):
    """The count as anybody reads it, once the pages kept for seconds are gone."""

    def ask() -> int:
        fresh_cache()
        return page.request.get(f"{site}/letters/clean-rivers/count.json").json()["signatures"]

    return ask


@pytest.mark.smoke
def test_ada_signs_by_the_link_in_her_mail(page, site, mails, clock, count):
    cast.clean_rivers()
    fill_in(page, site)
    [mail] = mails()
    link = next(link for link in mail.links if "/s/" in link)
    requests = []
    page.on("request", lambda request: requests.append(request))
    page.goto(link)
    expect(page.get_by_text("Ada Okoye")).to_be_visible()
    assert count() == 0
    page.get_by_role("button", name="Confirm my signature").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    clock()
    assert count() == 1
    token = link.rstrip("/").rpartition("/")[2]
    for request in requests:
        assert request.url.startswith(site)
        assert token not in request.headers.get("referer", "")
        assert token not in request.url or request.is_navigation_request()
    assert page.context.cookies() == []
    page.goto(f"{site}/letters/clean-rivers/signatories/")
    expect(page.locator(".name", has_text="Ada Okoye")).to_be_visible()


def test_ada_types_the_code_on_another_device(page, site, mails, clock, count):
    cast.clean_rivers()
    fill_in(page, site)
    [mail] = mails()
    attempt = Signature.objects.get()
    code = tokens.code(attempt)
    assert code in mail.text
    page.locator("#code_email").fill(cast.ADA)
    page.locator("#code_code").fill(f"{code[:4]} {code[4:].lower()}")
    page.locator("form[action$='/code/'] button[type=submit]").click()
    page.get_by_role("button", name="Confirm my signature").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    clock()
    assert count() == 1


def test_t36_bela_withdraws_by_the_link_in_the_second_mail(page, site, mails, clock, count):
    letter = cast.clean_rivers()
    cast.bela(letter)
    [mail] = [mail for mail in mails() if "/m/" in mail.text]
    page.goto(next(link for link in mail.links if "/m/" in link))
    page.get_by_text("Withdraw my signature…").click()
    page.get_by_role("button", name="Yes, withdraw my signature").click()
    expect(page.get_by_role("status")).to_have_text("Your signature is withdrawn.")
    clock()
    assert count() == 0
    page.goto(f"{site}/letters/clean-rivers/signatories/")
    expect(page.get_by_text("Bela Horvát")).to_have_count(0)


def test_t05_a_scanner_that_opens_links_and_runs_scripts_confirms_nothing(page, site, mails):
    cast.clean_rivers()
    fill_in(page, site)
    link = next(link for link in mails()[0].links if "/s/" in link)
    for _ in range(3):
        page.goto(link)
        page.wait_for_load_state("networkidle")
    assert Signature.objects.get().confirmed_at is None
