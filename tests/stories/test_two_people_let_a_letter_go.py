"""Dunya proposes to deliver, Esra approves exactly that, one office gets mail and the other a visit."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from deliveries import releasing, sending
from deliveries.models import Delivery, Release
from letters.models import Letter, Recipient, Role, Version
from letters.publishing import publish
from outbox import clock
from tests import cast, entering
from tests.emptying import empty_cache
from tests.logos import pictures
from tests.postbox import open_postbox
from tests.stories.accessible import is_accessible

pytestmark = pytest.mark.django_db(transaction=True)

PLACE = "/desk/letters/clean-rivers/deliveries/"


@pytest.fixture
def postbox(settings, site):
    with open_postbox() as postbox:
        settings.EMAIL_URL = postbox.url
        yield postbox


@pytest.fixture
def letter(site, settings, tmp_path) -> Letter:
    settings.PDF_CERTIFICATE = str(tmp_path / "certificate.p12")
    row = cast.letter("clean-rivers", "Clean Rivers", published=False)
    other = Version.objects.get(letter=row).recipients.last()
    other.channel, other.address = Recipient.Channel.HAND, ""
    other.save()
    publish(row)
    row.refresh_from_db()
    cast.bela(row)
    return row


@pytest.fixture
def desks(browser, browser_context_args, site, letter):
    """Dunya, who delivers, and Esra, who owns the letter, each in a browser of her own."""
    contexts, pages = [], []
    for name, kind in (("Dunya", Role.Kind.DELIVERER), ("Esra", Role.Kind.OWNER)):
        client = Client()
        entering.enter(client, cast.esra(letter, kind, name=name))
        context = browser.new_context(**browser_context_args, accept_downloads=True)
        context.add_cookies(
            [{"name": key, "value": morsel.value, "url": site} for key, morsel in client.cookies.items()]
        )
        contexts.append(context)
        pages.append(context.new_page())
    yield pages
    for context in contexts:
        context.close()


def works_everywhere(page):
    """In both directions of writing, on a telephone and on a desk."""
    page.wait_for_load_state()
    here = page.url
    for prefix in ("", "/ur"):
        page.goto(here.replace("/desk/", f"{prefix}/desk/", 1))
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            is_accessible(page)
    page.goto(here)


def test_two_people_let_a_letter_go(desks, site, letter, postbox, tmp_path):
    dunya, esra = desks
    dunya.goto(f"{site}{PLACE}")
    expect(dunya.get_by_text("Nothing has left yet.")).to_be_visible()
    works_everywhere(dunya)
    dunya.get_by_role("link", name="Propose to deliver").click()
    works_everywhere(dunya)
    dunya.get_by_label("Only in the office’s own hours").uncheck()
    dunya.get_by_role("button", name="Propose it").click()
    expect(dunya.get_by_text("then somebody else approves it").first).to_be_visible()
    assert releasing.freeze(Release.objects.get())  # as the worker does
    dunya.reload()
    expect(dunya.get_by_role("button", name="Approve exactly this")).to_have_count(0)

    esra.goto(f"{site}{PLACE}")
    esra.get_by_role("link", name="Release").click()
    works_everywhere(esra)
    with esra.expect_download() as paper:
        esra.get_by_role("button", name="for Ministry of the Interior").click()
    assert paper.value.suggested_filename.endswith(".pdf")
    esra.get_by_role("button", name="Approve exactly this").click()
    expect(esra.get_by_text("What goes by e-mail leaves by itself.")).to_be_visible()
    by_mail, by_hand = Delivery.objects.of(letter)
    Delivery.objects.filter(pk=by_mail.pk).update(next_at=clock.now())
    assert sending.send(by_mail)
    works_everywhere(esra)

    dunya.goto(f"{site}{PLACE}{by_hand.pk}/")
    works_everywhere(dunya)
    with dunya.expect_download() as to_bring:
        dunya.get_by_role("button", name="The paper to bring").click()
    assert to_bring.value.suggested_filename.endswith(".pdf")
    dunya.reload()
    works_everywhere(dunya)
    dunya.get_by_label("When it was brought (UTC)").fill(f"{clock.now():%Y-%m-%dT%H:%M}")
    receipt = tmp_path / "receipt.png"
    receipt.write_bytes(pictures.saved(pictures.mark()))
    dunya.get_by_label("Photograph or scan of the receipt").set_input_files(receipt)
    dunya.get_by_label("The office has it, and that is proven").check()
    dunya.get_by_role("button", name="Record it").click()
    expect(dunya.get_by_text("it arrived")).to_be_visible()
    works_everywhere(dunya)

    empty_cache()
    dunya.goto(f"{site}/letters/clean-rivers/")
    story = dunya.get_by_role("region", name="What has happened")
    expect(story).to_contain_text("Sent to Ministry of the Interior with 1 signature")
    expect(story).to_contain_text("Brought to Ministry of Health by hand with 1 signature")
    expect(story).to_contain_text("Delivered to Ministry of Health: that is proven")
    expect(story).not_to_contain_text("Delivered to Ministry of the Interior")
