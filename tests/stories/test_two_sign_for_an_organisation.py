"""Ines switches on that two sign, gives a signature, and Edo confirms it: each in a browser of their own."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from accounts.models import User, alias
from signatories.models import Signature
from spaces.models import Membership
from tests import cast, entering
from tests.stories.accessible import is_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pages(browser, site):
    """Ines on a phone in the dark, and Edo at a desk."""
    union, opened = cast.known_union(cast.clean_rivers()), []
    for email, width, scheme in ((cast.UNION, 360, "dark"), ("edo@harbour-workers.example", 1280, "light")):
        user = User.objects.create_user(alias(email), address=email, works_here=False)
        Membership.objects.create(user=user, organisation=union, role=Membership.Role.SPEAKER, typed=email)
        client = Client()
        entering.enter(client, user)
        page = browser.new_context(viewport={"width": width, "height": 780}, color_scheme=scheme).new_page()
        for name, morsel in client.cookies.items():
            page.context.add_cookies([{"name": name, "value": morsel.value, "url": site}])
        opened.append(page)
    yield *opened, f"/organisations/{union.public_id}/"
    for page in opened:
        page.context.close()


def test_one_gives_and_another_confirms(pages, site):
    ines, edo, space = pages
    letter = cast.letter("tall-hedges", "Tall Hedges")
    ines.goto(site + space)
    ines.get_by_role("button", name="Switch on: two of us sign").click()
    expect(ines.get_by_text("From now on two of you sign.")).to_be_visible()
    ines.get_by_role("link", name=re.compile("^Sign this letter.*Tall Hedges")).click()
    ines.get_by_label("Your name").fill("Ines Duarte")
    ines.get_by_label("I am authorised to sign").check()
    ines.get_by_label("I am 16 or older").check()
    ines.get_by_role("button", name="Sign for the organisation").click()
    expect(ines.get_by_text("It waits here until another speaker confirms it.")).to_be_visible()
    is_accessible(ines)
    for prefix in ("/ur", "/prs", "/ps", ""):
        edo.goto(f"{site}{prefix}{space}")
        is_accessible(edo)
        assert edo.locator("section[aria-labelledby=waiting]").bounding_box()["height"] < 500
    edo.get_by_role("button", name="Confirm for the organisation").click()
    expect(edo.get_by_text("Signed and confirmed.")).to_be_visible()
    expect(edo.get_by_text("Confirmed by edo@harbour-workers.example.")).to_be_visible()
    assert Signature.objects.get(letter=letter).confirmed_at
    edo.get_by_role("button", name="Switch it off").click()
    is_accessible(edo)
    ines.goto(site + space)
    is_accessible(ines)
    ines.get_by_role("button", name="Agree: switch it off").click()
    expect(ines.get_by_text("From now on one speaker signs alone.")).to_be_visible()
