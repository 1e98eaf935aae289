"""A moderator clears the queue by keyboard, takes one decision back, and is told what went wrong."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from signatories import moderating
from signatories.judging import suspecting
from signatories.models import Claim, Decision, Question
from tests import cast, entering
from tests.stories.accessible import is_accessible

pytestmark = pytest.mark.django_db(transaction=True)

QUEUE = "/desk/letters/clean-rivers/queue/"


@pytest.fixture
def letter(transactional_db):
    return cast.clean_rivers()


@pytest.fixture
def chidi(letter, page, context, site):
    """Chidi, who is at the desk already; nothing there may go against the policy, nor any script break."""
    chidi, browser, complaints = cast.chidi(letter), Client(), []
    entering.enter(browser, chidi)
    for name, morsel in browser.cookies.items():
        context.add_cookies([{"name": name, "value": morsel.value, "url": site}])
    page.on("console", lambda line: line.type == "error" and complaints.append(line.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield chidi
    expected = ("status of 4", "Status Error Code 4", "ERR_FAILED", "htmx:")
    assert [line for line in complaints if not any(words in line for words in expected)] == []


def hold(letter, number):
    """So many simple rows."""
    rows = [
        cast.attempt(letter, email=f"p{place}@people.example", name=f"Ada {chr(65 + place % 26)}dler")
        for place in range(number)
    ]
    suspecting.hold(rows, reason="Many at once.")
    return rows


class Keyboard:
    """Counts what is pressed."""

    def __init__(self, page):
        self.page, self.presses = page, 0

    def press(self, *keys):
        for key in keys:
            self.presses += 1
            self.page.keyboard.press(key)


@pytest.fixture
def keyboard(page):
    return Keyboard(page)


def number(page, left):
    expect(page.locator("#waiting .number")).to_have_text(str(left))


def test_a_hundred_rows_take_at_most_a_hundred_and_ten_keys(page, site, letter, chidi, keyboard):
    hold(letter, 100)
    page.goto(site + QUEUE)
    number(page, 100)
    while left := letter.signatures.waiting().count():
        rows = page.locator("#rows > article:not([aria-busy])")
        expect(rows.first).to_be_visible()
        keyboard.press(*["a"] * rows.count())
        expect(page.locator("#rows > [aria-busy]")).to_have_count(0, timeout=60_000)
        assert letter.signatures.waiting().count() < left
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing waits")
    assert keyboard.presses <= 110
    assert Decision.objects.filter(by=chidi, verdict="approve").count() == 100


@pytest.mark.parametrize("prefix", ["", "/ur"])
def test_every_key_does_what_it_says(page, site, letter, chidi, keyboard, prefix):
    rows = hold(letter, 4)
    page.goto(site + prefix + QUEUE)
    selected = page.locator("#rows > [aria-current]")

    def is_selected(row):
        expect(selected).to_have_attribute("aria-labelledby", f"name-{row.public_id}")

    is_selected(rows[0])
    keyboard.press("j", "j")
    is_selected(rows[2])
    expect(selected).to_be_focused()
    keyboard.press("k")
    is_selected(rows[1])
    keyboard.press("r", "4")
    number(page, 3)
    is_selected(rows[2])
    rejection = Decision.objects.get(by=chidi)
    assert (rejection.signature, rejection.ground, rejection.reason) == (rows[1], "abuse", "abusive")
    keyboard.press("u")
    number(page, 4)
    is_selected(rows[1])
    assert cast.fresh(rows[1]).is_waiting()
    keyboard.press("r", "5")
    page.keyboard.type("a jar: neither a person nor real")
    keyboard.press("Escape")
    expect(selected).to_be_focused()
    assert cast.fresh(rows[1]).is_waiting(), "letters that are written press no key"
    keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    is_accessible(page)
    keyboard.press("a", "Escape")
    number(page, 4)
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if prefix else "ltr")


def test_a_question_is_asked_and_taken_back_by_keys(page, site, letter, chidi, keyboard):
    bela = cast.bela(letter)
    suspecting.hold([bela], reason="Many at once.")
    hold(letter, 1)
    page.goto(site + QUEUE)
    keyboard.press("q")
    is_accessible(page)
    keyboard.press("Escape", "q", "2")
    number(page, 1)
    expect(page.locator("#asked")).to_contain_text("1 waits for its signer's answer")
    assert Question.objects.get().topic == "office"
    keyboard.press("u")
    number(page, 2)
    assert cast.fresh(bela).is_waiting()
    expect(page.locator("#asked")).to_have_text("")


def test_keys_of_another_script_and_no_keys_at_all(page, site, letter, chidi, keyboard):
    rows = hold(letter, 3)
    page.goto(site + QUEUE)
    press = "([key, code]) => document.dispatchEvent(new KeyboardEvent('keydown', {key, code}))"
    page.evaluate(
        press.replace("document.d", "document.body.d").replace("code}", "code, bubbles: true}"), ["ش", "KeyA"]
    )
    number(page, 2)
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Use these keys").uncheck()
    page.get_by_role("button", name="Close").click()
    keyboard.press("a")
    page.reload()
    keyboard.press("a")
    number(page, 2)
    page.get_by_role("button", name="Approve").first.click()
    number(page, 1)
    assert cast.fresh(rows[2]).is_waiting()


def test_what_goes_wrong_is_said_beside_it(page, site, letter, chidi, keyboard):
    rows = hold(letter, 3)
    page.goto(site + QUEUE)
    keyboard.press("r", "5", "Tab", "Enter")
    expect(page.locator("[aria-invalid]")).to_be_focused()
    assert cast.fresh(rows[0]).is_waiting()
    keyboard.press("Escape")
    assert Claim.objects.filter(by=chidi).count() == 3
    Claim.objects.all().delete()  # Chidi was away for five minutes
    moderating.approve(rows[0], by=type(chidi).objects.create_user("dunya@desk.example", name="Dunya Rahimi"))
    keyboard.press("a")
    expect(page.locator("#said")).to_contain_text("Dunya Rahimi was first")
    number(page, 2)
    page.route("**/signatures/**", lambda route: route.abort())
    keyboard.press("a")
    expect(page.locator("#said")).to_contain_text("could not be reached")
    expect(page.locator("#rows > article")).to_have_count(2)
    page.unroute("**/signatures/**")
    page.context.clear_cookies()
    keyboard.press("a")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to the desk")


def test_everything_works_without_a_script(browser, site, letter):
    chidi, visitor = cast.chidi(letter), Client()
    entering.enter(visitor, chidi)
    context = browser.new_context(java_script_enabled=False)
    for name, morsel in visitor.cookies.items():
        context.add_cookies([{"name": name, "value": morsel.value, "url": site}])
    rows, page = hold(letter, 2), context.new_page()
    page.goto(site + QUEUE)
    expect(page.get_by_role("button", name="Keys")).to_have_count(0)
    page.get_by_role("button", name="Approve").first.click()
    page.get_by_role("button", name="Undo").click()
    number(page, 2)
    page.get_by_text("Reject, or add a note").first.click()
    page.get_by_label("invented").first.check()
    page.get_by_role("button", name="Reject").first.click()
    number(page, 1)
    assert cast.fresh(rows[0]).rejected_at is not None
    context.close()


# presses keys the moment that so many wait, before the browser does anything else
AT_ONCE = """([left, keys]) => {
  const number = () => document.querySelector("#waiting .number")?.textContent.trim()
  new MutationObserver((_, observer) => {
    if (number() !== left) return
    observer.disconnect()
    const pressed = keys.map((key) => new KeyboardEvent("keydown", { key, bubbles: true }))
    for (const event of pressed) document.activeElement.dispatchEvent(event)
  }).observe(document.body, { subtree: true, childList: true, characterData: true })
}"""


def test_keys_that_follow_an_undo_at_once_are_not_lost(page, site, letter, chidi):
    hold(letter, 3)
    page.goto(site + QUEUE)
    number(page, 3)
    page.keyboard.press("a")
    number(page, 2)
    page.evaluate(AT_ONCE, ["3", ["a", "a", "a"]])
    page.keyboard.press("u")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing waits")
    assert Decision.objects.filter(by=chidi, verdict="approve").count() == 4
