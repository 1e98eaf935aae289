"""The first owner comes by a mailed link, sets up a passkey, and from then on needs nothing else."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from playwright.sync_api import expect

from tests import cast
from tests.box import Box
from tests.stories.accessible import is_accessible

pytestmark = pytest.mark.django_db(transaction=True)

PHRASE = "a-new-phrase-of-many-words"


@pytest.fixture
def box(settings, tmp_path, site):
    return Box(settings, tmp_path / "box")


@pytest.fixture
def page(page, context):
    """A browser with a passkey reader in it, on whose pages no script breaks or goes against the policy."""
    complaints = []
    page.on("console", lambda line: line.type == "error" and complaints.append(line.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    reader = context.new_cdp_session(page)
    reader.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    reader.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    assert complaints == []


def test_esra_sets_up_a_passkey_and_signs_in_with_it_alone(page, site, box):
    cast.clean_rivers()
    call_command("first_owner", "esra@desk.example", name="Esra Olander", verbosity=0)
    page.goto(site + box.link())
    page.locator("#id_password1").fill(PHRASE)
    page.locator("#id_password2").fill(PHRASE)
    page.locator("main form button[type=submit]").first.click()
    page.goto(f"{site}/desk/")
    page.locator("#id_login").fill("esra@desk.example")
    page.locator("#id_password").fill(PHRASE)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator("#id_code").fill(box.code())
    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your second factor")
    is_accessible(page)
    page.get_by_role("link", name="Add a passkey or key").click()
    is_accessible(page)
    page.get_by_label("Name").fill("Blue key")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    expect(page.locator("code")).to_have_count(10)
    is_accessible(page)
    page.get_by_role("link", name="to the desk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your letters")

    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/desk/$"))

    page.goto(f"{site}/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.locator("#id_login").fill("esra@desk.example")
    page.locator("#id_password").fill(PHRASE)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your second factor")
    is_accessible(page)
    page.get_by_role("button", name="Use a passkey or key").click()
    expect(page).to_have_url(re.compile("/desk/$"))
    page.goto(f"{site}/accounts/2fa/keys/")
    expect(page.get_by_role("listitem")).to_contain_text(["Blue key"])
    assert Authenticator.objects.filter(type="webauthn").count() == 1
