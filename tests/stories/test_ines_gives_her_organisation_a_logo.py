"""In its space an organisation hands in its logo; readers see it once a record proves who it is."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from accounts.models import User, alias
from organisations.models import Evidence
from signatories.enrolled import enrolling
from spaces.models import Membership
from tests import cast, entering
from tests.logos import pictures
from tests.stories.accessible import is_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def union():
    union = cast.known_union(cast.clean_rivers())
    enrolling.enrol(at_once=True)
    return union


@pytest.fixture
def ines(page, context, site, union):
    """An editor, on a phone in the dark."""
    user = User.objects.create_user(alias(cast.UNION), address=cast.UNION, works_here=False)
    Membership.objects.create(user=user, organisation=union, role=Membership.Role.EDITOR)
    client = Client()
    entering.enter(client, user)
    for name, morsel in client.cookies.items():
        context.add_cookies([{"name": name, "value": morsel.value, "url": site}])
    page.set_viewport_size({"width": 360, "height": 780})
    page.emulate_media(color_scheme="dark")
    return page


def test_an_editor_hands_in_a_logo_and_readers_see_it_once_it_is_proven(ines, site, union, fresh_cache):
    space = f"{site}/organisations/{union.public_id}/"
    for prefix in ("/ur", "/ps", "/prs", ""):
        ines.goto(space.replace(site, site + prefix) + "logo/")
        is_accessible(ines)
    file = {"name": "ring.png", "mimeType": "image/png", "buffer": pictures.annotated()}
    ines.get_by_label("Picture").set_input_files(file)
    ines.get_by_role("button", name="Save").click()
    logo = ines.get_by_role("img", name="Logo of Harbour Workers' Union")
    expect(logo).to_be_visible()
    is_accessible(ines)

    ines.goto(f"{site}/letters/clean-rivers/")
    expect(ines.get_by_text("Harbour Workers' Union").first).to_be_visible()
    expect(logo).to_have_count(0)
    union.evidence.create(kind=Evidence.Kind.DNS, seen="harbour-workers.example")
    fresh_cache()
    ines.reload()
    logo.scroll_into_view_if_needed()
    assert logo.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 0
    is_accessible(ines)
