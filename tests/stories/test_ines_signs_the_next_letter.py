"""An organisation opens its space behind the private link and signs its second letter from there."""

import re

import pytest
from playwright.sync_api import expect

from signatories import moderating, tokens
from signatories.models import Signature
from tests import cast
from tests.box import Box
from tests.stories.accessible import is_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def box(settings, tmp_path):
    return Box(settings, tmp_path / "mail")


def test_an_organisation_signs_a_second_letter_from_its_space(page, site, box):
    page.set_viewport_size({"width": 360, "height": 780})
    first, second = cast.clean_rivers(), cast.letter("tall-hedges", "Tall Hedges")
    signature = moderating.approve(cast.union(first), by=cast.chidi(first))
    page.goto(f"{site}/m/{tokens.make(tokens.MANAGE, signature)}/")
    page.get_by_role("link", name="Open the organisation's space").click()
    is_accessible(page)
    page.get_by_role("button", name="Open the space").click()
    is_accessible(page)
    page.get_by_label("Your e-mail address").fill(cast.UNION)
    page.get_by_role("button", name="Mail me a code").click()
    is_accessible(page)
    page.get_by_label("Code").fill(box.code())
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Harbour Workers' Union", level=1)).to_be_visible()
    is_accessible(page)
    space = page.url
    for prefix, direction in (("/ur", "rtl"), ("/prs", "rtl")):
        page.goto(space.replace(site, site + prefix))
        expect(page.locator("html")).to_have_attribute("dir", direction)
        is_accessible(page)
    page.goto(space)
    page.get_by_role("link", name=re.compile("^Sign this letter.*Tall Hedges")).click()
    is_accessible(page)
    page.get_by_role("button", name="Sign for the organisation").click()
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    is_accessible(page)
    page.get_by_label("I am authorised to sign").check()
    page.get_by_label("I am 16 or older").check()
    page.locator("input[name=visibility][value=public]").check()
    page.get_by_role("button", name="Sign for the organisation").click()
    expect(page.get_by_text("Signed and confirmed.")).to_be_visible()
    expect(page.get_by_text("A moderator looks at it; then it counts.")).to_be_visible()
    is_accessible(page)
    row = Signature.objects.get(letter=second)
    assert (row.organisation_name, row.name, row.visibility) == (
        "Harbour Workers' Union",
        "Ines Duarte",
        "public",
    )
    page.get_by_role("link", name="Change website, country, description").click()
    is_accessible(page)
