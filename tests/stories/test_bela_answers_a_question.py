"""A moderator asks before deciding; the signer answers from a phone, in her language, by her private link."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from outbox.models import Message
from signatories import emails, moderating
from signatories.judging import suspecting
from signatories.models import Question
from tests import cast
from tests.box import Box
from tests.stories.accessible import is_handy, phone

pytestmark = pytest.mark.django_db(transaction=True)

LATER = timedelta(minutes=11)


@pytest.fixture
def bela(transactional_db, settings, site, tmp_path):
    """Bela has signed in Urdu, is held, and was asked; the mail has left."""
    settings.SITE_URL = site
    box = Box(settings, tmp_path / "mail")
    letter = cast.clean_rivers()
    bela = cast.bela(letter, language="ur", role="Teacher")
    suspecting.hold([bela], reason="Many at once.")
    moderating.ask(bela, by=cast.chidi(letter), topic="office")
    Question.objects.update(asked_at=timezone.now() - LATER)
    Message.objects.filter(kind=emails.QUESTION).update(next_at=timezone.now() - timedelta(minutes=1))
    bela.link = box.link()
    return bela


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_she_corrects_what_she_does_and_waits_again_at_her_old_place(page, site, bela, scheme):
    since = cast.fresh(bela).held_at
    phone(page, scheme)
    page.goto(site + bela.link)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    is_handy(page)
    question = page.locator("section[aria-labelledby=question]")
    question.locator("summary").click()
    is_handy(page)
    role = question.locator("[name=role]")
    expect(role).to_have_value("Teacher")
    role.fill("Judge, retired")
    question.locator("button[value=answer]").click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(question).to_have_count(0)
    row = cast.fresh(bela)
    assert (row.role, row.is_waiting(), row.held_at) == ("Judge, retired", True, since)
    assert Question.objects.get().outcome == "corrected"
