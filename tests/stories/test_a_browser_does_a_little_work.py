"""While somebody fills in the form, their browser solves a challenge. Nobody sees it, nobody waits for it."""

import json

import pytest
from playwright.sync_api import Page, expect

from scrutiny import challenging
from scrutiny.models import Limit
from signatories.models import Signature
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)

CHALLENGE = "**/challenge.json"


@pytest.fixture(autouse=True)
def letter(transactional_db):
    return cast.clean_rivers()


def open_letter(page: Page, site: str) -> list[str]:
    """Opens the letter; the list grows by what the browser complains about."""
    complaints: list[str] = []
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{site}/letters/clean-rivers/")
    return complaints


def fill_in(page: Page) -> None:
    page.locator("input[name=kind][value=person]").check()
    page.locator("#id_name").fill("Ada Okoye")
    page.locator("#id_email").fill(cast.ADA)
    page.locator("#id_country").select_option("NG")
    page.locator("#id_consent").check()


def wait_until_solved(page: Page, *, other_than: str = "") -> str:
    """What the form would hand in."""
    expect(page.locator("input[name=work]")).not_to_have_value(other_than)
    expect(page.locator("input[name=work]")).not_to_have_value("")
    return page.locator("input[name=work]").input_value()


def sign(page: Page, site: str) -> Signature:
    """Presses the button; the attempt as the worker finds it."""
    page.get_by_role("button", name="Sign").click()
    expect(page).to_have_url(f"{site}/letters/clean-rivers/check-your-email/")
    return Signature.objects.select_related("letter").latest("pk")


def is_done(attempt: Signature) -> bool:
    assert attempt.clues
    return challenging.verify(
        attempt.clues["work"], letter=attempt.letter.slug, at=attempt.created_at, attempt=attempt.pk
    )


def test_a_signers_attempt_comes_with_work_that_counts_once(page, site):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    complaints = open_letter(page, site)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "challenge" in url or "work.js" in url], "a reader is left alone"
    fill_in(page)
    wait_until_solved(page)
    attempt = sign(page, site)
    assert attempt.clues["has_script"] and is_done(attempt)
    # the same work is handed in again by somebody else
    work = attempt.clues["work"]
    page.request.post(
        f"{site}/letters/clean-rivers/sign/",
        form={"kind": "person", "name": "Bela Horvat", "email": cast.BELA, "country": "HU", "consent": "on",
              "js": "1", "work": work},
        max_redirects=0,
    )  # fmt: skip
    replay = Signature.objects.latest("pk")
    assert replay.pk != attempt.pk and replay.clues["work"] == work
    assert not is_done(replay)
    assert len([url for url in asked if "challenge" in url]) == 1
    assert complaints == []
    assert page.context.cookies() == []


def test_the_hardest_work_is_done_before_a_form_is_filled_in(page, site):
    Limit.objects.bulk_create(Limit(name=name, value=0) for name in challenging.WINDOWS)
    asked = []
    page.on("response", lambda answer: answer.url.endswith("challenge.json") and asked.append(answer.json()))
    for _ in range(4):
        page.request.get(f"{site}/letters/clean-rivers/challenge.json")
    open_letter(page, site)
    fill_in(page)
    wait_until_solved(page)
    assert [challenge["maxNumber"] for challenge in asked] == [4 * challenging.EASIEST]
    assert is_done(sign(page, site))


def test_without_javascript_nothing_is_different(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/letters/clean-rivers/")
    fill_in(page)
    attempt = sign(page, site)
    context.close()
    assert not attempt.clues["has_script"]
    assert not is_done(attempt)


def test_nobody_waits_for_a_challenge_that_does_not_come(page, site):
    page.route(CHALLENGE, lambda route: None)
    open_letter(page, site)
    fill_in(page)
    attempt = sign(page, site)
    assert (attempt.clues["has_script"], attempt.clues["work"]) == (False, "")


def test_who_is_faster_than_the_work_signs_without_it(page, site):
    def hard(route):
        challenge = route.fetch().json()
        route.fulfill(body=json.dumps(challenge | {"challenge": "0" * 64, "maxNumber": 10**9}))

    page.route(CHALLENGE, hard)
    open_letter(page, site)
    with page.expect_response(CHALLENGE):
        fill_in(page)
    expect(page.locator("input[name=js]")).to_have_value("1")
    attempt = sign(page, site)
    assert (attempt.clues["has_script"], attempt.clues["work"]) == (True, "")


def test_a_form_that_comes_back_with_an_error_is_worked_for_anew(page, site):
    open_letter(page, site)
    fill_in(page)
    page.locator("#id_email").fill("ada at okoye")
    wait_until_solved(page)
    page.get_by_role("button", name="Sign").click()
    expect(page.locator(".alert, [role=alert], .errors").first).to_be_visible()
    expect(page.locator("input[name=work]")).to_have_value("")
    page.locator("#id_email").fill(cast.ADA)
    wait_until_solved(page)
    assert is_done(sign(page, site))


def test_who_takes_long_gets_a_new_challenge_before_the_first_expires(page, site):
    page.clock.install()
    open_letter(page, site)
    fill_in(page)
    first = wait_until_solved(page)
    with page.expect_response(CHALLENGE):
        page.clock.fast_forward("19:00")
    wait_until_solved(page, other_than=first)
    assert is_done(sign(page, site))


def test_the_work_is_invisibly_short(page, site):
    open_letter(page, site)
    took = page.evaluate(
        """() => new Promise((tell) => {
            const {name, work} = document.forms[0].elements
            const begun = performance.now()
            const look = () => work.value ? tell(performance.now() - begun) : setTimeout(look)
            name.dispatchEvent(new Event("input", {bubbles: true}))
            look()
        })"""
    )
    # a third of a second on a phone, on average; the machine of a test does much beside it
    assert took < 5000
