"""The operator has a letter delivered: a worker brings it to each office, and its page says so."""

import pytest
from playwright.sync_api import expect

from deliveries.models import Delivery
from tests import cast
from tests.emptying import empty_cache
from tests.faults import harness
from tests.postbox import open_postbox
from tests.stories.accessible import is_accessible

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]


@pytest.fixture
def postbox(settings, site):
    """A mail server that takes everything."""
    with open_postbox() as postbox:
        settings.EMAIL_URL = postbox.url
        yield postbox


def operator(command, subject, log, **environment):
    """Run one of the operator's commands as the operator does; what it said."""
    log.unlink(missing_ok=True)
    with harness.running("manage.py", command, subject, log=log, **environment) as process:
        assert process.wait() == 0, process.output
        return process.output


def test_a_letter_is_delivered(page, site, postbox, settings, tmp_path):
    settings.PDF_CERTIFICATE = str(tmp_path / "certificate.p12")
    letter = cast.clean_rivers()
    cast.bela(letter)
    with harness.broker(tmp_path) as redis_url:
        environment = {"PDF_CERTIFICATE": settings.PDF_CERTIFICATE, "OPERATOR_MAY_RELEASE": "1"}
        with harness.worker(tmp_path / "worker.log", redis_url=redis_url, **environment):
            environment["REDIS_URL"] = redis_url
            said = operator("deliver", letter.slug, tmp_path / "first.log", **environment)
            assert "queued: Ministry of Health" in said and "No broker" not in said
            assert harness.settles(lambda: Delivery.objects.sent().count() == 2)
            said = operator("deliver", letter.slug, tmp_path / "second.log", **environment)
            assert "left alone: Ministry of Health (sent)" in said and "queued" not in said
    offices = [to for to in postbox.recipients if to != cast.BELA]  # her thanks leave through the same worker
    assert sorted(offices) == ["office0@clean-rivers.example", "office1@clean-rivers.example"]
    paper = tmp_path / "paper.pdf"
    attached = (part for mail in postbox.mails for part in mail.iter_attachments())
    paper.write_bytes(next(attached).get_content())
    said = operator("verify", str(paper), tmp_path / "verify.log", PDF_CERTIFICATE=settings.PDF_CERTIFICATE)
    assert "signed by a key that is trusted" in said
    empty_cache()
    page.goto(f"{site}/letters/clean-rivers/")
    timeline = page.get_by_role("region", name="What has happened")
    expect(timeline).to_contain_text("Sent to Ministry of Health with 1 signature")
    is_accessible(page)
