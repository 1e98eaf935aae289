"""A moderator signs in with password and app, and lets an organisation stand under the letter."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from signatories.models import Decision
from tests import cast, entering
from tests.stories.accessible import is_accessible

pytestmark = pytest.mark.django_db(transaction=True)

LISTEN = "addEventListener('securitypolicyviolation', event => console.error('refused ' + event.blockedURI))"


@pytest.fixture
def page(page):
    """A page on which nothing may go against the policy, nor any script break."""
    complaints = []
    page.on("console", lambda line: line.type == "error" and complaints.append(line.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(LISTEN)
    yield page
    assert complaints == []


def sign_in(page):
    entering.give_app(User.objects.get(email="chidi@desk.example"))
    page.locator("#id_login").fill("chidi@desk.example")
    page.locator("#id_password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator("#id_code").fill(entering.digits())
    page.get_by_role("button", name="Go on").click()


def test_chidi_approves_an_organisation(page, site, clock):
    letter = cast.clean_rivers()
    cast.chidi(letter)
    cast.union(letter)
    page.goto(f"{site}/desk/letters/clean-rivers/queue/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to the desk")
    sign_in(page)
    expect(page).to_have_url(f"{site}/desk/letters/clean-rivers/queue/")
    waiting = page.get_by_role("article").filter(has_text="Harbour Workers' Union")
    expect(waiting).to_contain_text("Organisations are checked by a person")
    waiting.get_by_role("button", name="Approve").click()
    expect(page.locator("#said")).to_contain_text("Done.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing waits")
    clock()
    page.goto(f"{site}/letters/clean-rivers/signatories/")
    expect(page.get_by_role("listitem").get_by_text("Harbour Workers' Union").first).to_be_visible()
    assert Decision.objects.get(by__isnull=False).verdict == "approve"


def test_chidi_rejects_another_and_takes_it_back(page, site, clock):
    letter = cast.clean_rivers()
    cast.chidi(letter)
    cast.union(letter)
    page.goto(f"{site}/desk/")
    sign_in(page)
    page.get_by_role("link", name="1 waits").click()
    page.get_by_text("Reject, or add a note").click()
    page.get_by_role("button", name="Reject").click()
    expect(page).to_have_url(f"{site}/desk/letters/clean-rivers/queue/")
    page.get_by_label("Why").fill("The mailbox is not theirs.")
    page.get_by_label("not who it says").check()
    page.get_by_role("button", name="Reject").click()
    expect(page.locator("#said")).to_contain_text("Rejected.")
    page.get_by_role("link", name="Decisions so far").click()
    page.get_by_text("Reinstate").first.click()
    page.get_by_label("Why").fill("They answered the telephone.")
    page.get_by_role("button", name="Reinstate").click()
    expect(page.get_by_role("status")).to_contain_text("Done.")
    assert [decision.verdict for decision in Decision.objects.exclude(by=None)] == ["reject", "reinstate"]


def test_after_signing_out_the_way_back_leads_to_the_door(page, site):
    cast.chidi(cast.clean_rivers())
    page.goto(f"{site}/desk/")
    sign_in(page)
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to the desk")
    page.go_back()
    page.goto(f"{site}/desk/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to the desk")


@pytest.mark.parametrize("language, scheme", [("", "light"), ("/ur", "dark")])
def test_everybody_can_use_the_pages(page, site, language, scheme):
    letter = cast.clean_rivers()
    entering.give_app(cast.chidi(letter))
    cast.union(letter)
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{site}{language}/desk/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language else "ltr")
    is_accessible(page)
    page.locator("#id_login").fill("chidi@desk.example")
    page.locator("#id_password").fill("wrong-wrong-wrong")
    page.locator("main form button[type=submit]").first.click()
    is_accessible(page)
    page.locator("#id_login").fill("chidi@desk.example")
    page.locator("#id_password").fill(cast.PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("#id_code")).to_be_visible()
    is_accessible(page)
    page.locator("#id_code").fill(entering.digits())
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(f"{site}{language}/desk/")
    is_accessible(page)
    for place in ("letters/clean-rivers/", "letters/clean-rivers/queue/", "letters/clean-rivers/decisions/"):
        page.goto(f"{site}{language}/desk/{place}")
        is_accessible(page)
