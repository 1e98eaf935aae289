"""An organisation publishes the record that its page at the desk asks for, and gets the badge."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from accounts.models import User
from organisations import tasks
from tests import cast, entering
from tests.nameserver import Server
from tests.stories.accessible import is_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def zone():
    return {("com", "NS"): ["a.gtld.test."]}


@pytest.fixture
def nameserver(settings, zone):
    server = Server(zone)
    settings.MAIL_DOMAINS_LOOKED_UP, settings.DNS_SERVERS = True, [server.place]
    yield server
    server.close()


@pytest.fixture
def union(nameserver):
    """Approved, by a mailbox at a provider that everybody uses: nothing proves who it is."""
    website = "https://www.harbour-workers.org/"
    return cast.known_union(cast.clean_rivers(), email="harbour.workers@gmail.com", website=website)


@pytest.fixture
def chidi(page, site, union):
    client = Client()
    entering.enter(client, User.objects.get(email="chidi@desk.example"))
    page.context.add_cookies(
        [{"name": key, "value": morsel.value, "url": site} for key, morsel in client.cookies.items()]
    )
    return page


def test_a_record_that_is_published_gives_the_badge(chidi, site, union, zone):
    chidi.goto(f"{site}/desk/organisations/")
    chidi.get_by_role("link", name="Harbour Workers' Union").click()
    expect(chidi.get_by_text("Not verified yet.")).to_be_visible()
    is_accessible(chidi)
    place, text = chidi.locator("code.secret").all_inner_texts()
    chidi.get_by_role("button", name="Check now").click()
    expect(chidi.get_by_text("It is being looked for.")).to_be_visible()
    tasks.check()  # as the clock does
    chidi.reload()
    expect(chidi.get_by_text("There is no such record.")).to_be_visible()
    zone[place, "TXT"] = [f'"{text}"']
    chidi.get_by_role("button", name="Check now").click()
    tasks.check()
    chidi.reload()
    expect(chidi.get_by_text("Verified.", exact=True)).to_be_visible()
    expect(chidi.get_by_text("The record is there.")).to_be_visible()
    is_accessible(chidi)
