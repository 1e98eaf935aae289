"""The page of an office whose link others have: it is closed at the desk, and the office gets a new one."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

import answers.views
from accounts.models import Trail
from answers.models import Answer
from deliveries import links, retaining
from deliveries.models import Delivery, Report
from letters.models import Letter, Recipient, Role
from letters.taking_down import take_down
from outbox import clock, draining
from tests import cast, entering
from tests.answers.conftest import words
from tests.deliveries.test_recording import NOW, act, handed_out
from tests.deliveries.test_releasing import approve, proposed, signed_in
from tests.signatories.test_desk import picture_of_the_database

pytestmark = pytest.mark.django_db

PLACE = f"{settings.SITE_URL}/d/"


@pytest.fixture
def page(delivery) -> str:
    return f"/desk/letters/clean-rivers/deliveries/{delivery.pk}/"


@pytest.fixture
def closed(desk, page, link) -> str:
    """A link that opened the page until the desk closed that."""
    assert desk.post(f"{page}close-page/").status_code == 302
    return link


def told(postbox) -> list:
    """The mails to offices about a new page."""
    draining.drain()
    return [mail for mail in postbox.mails if mail["Subject"].startswith("The new address")]


def mailed(postbox) -> str:
    """The path of the new page, from the newest mail about one."""
    text = told(postbox)[-1].get_body(("plain",)).get_content()
    return f"/d/{text.split(PLACE)[1].split('/')[0]}/"


class TestClosed:
    def test_it_opens_nothing_and_says_where_to_turn(self, link, delivery, desk, page, letter, mailoutbox):
        assert "Close its page" in words(desk.get(page))
        assert desk.post(f"{page}close-page/").status_code == 302
        assert "Close its page" not in words(desk.get(page))
        before = picture_of_the_database()
        for path in (link, f"/ur{link}", f"{link}letter.pdf", f"{link}letter-2.pdf"):
            answer = Client().get(path)
            assert answer.status_code == Client().head(path).status_code == 410
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert Client().post(link, {"act": "answer", "text": "No."}).status_code == 410
        assert picture_of_the_database() == before
        shown = words(Client().get(link))
        assert "This page was closed" in shown and "/letters/clean-rivers/" in shown
        assert f"mailto:{letter.contact}" in shown
        assert delivery.recipient.office not in shown and delivery.file_hash not in shown
        assert [mail.subject for mail in mailoutbox] == [
            f"Delivery {delivery.pk}: its office’s page was closed"
        ]
        assert desk.post(f"{page}close-page/").status_code == 409 and Report.objects.count() == 1

    def test_a_forged_link_is_not_told_that_there_was_a_page(self, closed):
        for token in (closed[3:-3] + ("AA" if closed[-3:-1] != "AA" else "BB"), f"{closed[3:19]}.AAAA"):
            assert Client().get(f"/d/{token}/").status_code == 404
            assert Client().get(f"/d/{token}/letter.pdf").status_code == 404

    def test_it_takes_fresh_proof(self, delivery, letter, page):
        client = Client()
        entering.enter(client, cast.esra(letter), minutes_ago=10)
        client.post(f"{page}close-page/")
        assert not Report.objects.exists()


class TestANewPage:
    def test_the_office_is_mailed_its_address_and_the_old_link_stays_closed(
        self, closed, delivery, desk, page, postbox, mailoutbox
    ):
        assert "Give the office a new page" in words(desk.get(page))
        assert desk.post(f"{page}new-page/").status_code == 302
        new = mailed(postbox)
        assert [mail["To"] for mail in told(postbox)] == [delivery.recipient.address]
        assert new != closed and new not in words(desk.get(page))
        assert Client().get(new).status_code == Client().get(f"{new}letter.pdf").status_code == 200
        assert f'href="{new}letter.pdf"' in words(Client().get(new))
        assert Client().post(new, {"act": "answer", "text": "We have read it."}).status_code == 200
        assert Answer.objects.get().delivery == delivery
        assert Client().get(closed).status_code == Client().get(f"{closed}letter.pdf").status_code == 410
        assert [mail.subject for mail in mailoutbox][1] == (
            f"Delivery {delivery.pk}: its office was given a new page"
        )
        assert Trail.objects.filter(what="new page for an office").count() == 1

    def test_there_is_one_at_a_time(self, closed, delivery, desk, page, postbox):
        assert desk.post(f"{page}new-page/").status_code == 302
        second = mailed(postbox)
        assert desk.post(f"{page}new-page/").status_code == 409
        assert desk.post(f"{page}close-page/").status_code == 302
        assert Client().get(second).status_code == 410
        assert desk.post(f"{page}new-page/").status_code == 302
        third = mailed(postbox)
        codes = [Client().get(path).status_code for path in (closed, second, third)]
        assert codes == [410, 410, 200]

    def test_no_mail_leads_to_a_page_that_was_closed_before_it_left(self, closed, desk, page, postbox):
        assert desk.post(f"{page}new-page/").status_code == 302
        assert desk.post(f"{page}close-page/").status_code == 302
        assert told(postbox) == []

    def test_who_delivers_hears_of_mail_that_is_refused(
        self, closed, delivery, desk, page, postbox, mailoutbox
    ):
        draining.drain()  # what else is on its way
        postbox.answers["RCPT"] = ["550 5.1.1 no such mailbox"]
        assert desk.post(f"{page}new-page/").status_code == 302
        assert told(postbox) == []
        assert "the mail with the address of the new page did not arrive" in words(desk.get(page))
        assert mailoutbox[-1].subject == f"Delivery {delivery.pk}: the mail about its new page did not arrive"
        assert desk.post(f"{page}close-page/").status_code == desk.post(f"{page}new-page/").status_code == 302
        assert len(told(postbox)) == 1

    def test_no_office_is_mailed_about_pages_all_day(self, closed, desk, page, postbox):
        for _ in range(3):
            assert desk.post(f"{page}new-page/").status_code == 302
            assert desk.post(f"{page}close-page/").status_code == 302
        answer = desk.post(f"{page}new-page/")
        assert answer.status_code == 429 and "three new pages" in words(answer)
        assert Report.objects.filter(kind=Report.Kind.OPENED).count() == 3

    def test_mail_that_waited_leads_once_to_the_newest(self, closed, desk, page, postbox):
        for what in ("new-page", "close-page", "new-page"):
            assert desk.post(f"{page}{what}/").status_code == 302
        assert len(told(postbox)) == 1
        assert Client().get(mailed(postbox)).status_code == 200

    def test_a_page_that_is_open_shows_no_newer_link_than_its_own(self, link, delivery, monkeypatch):
        """Somebody reads the office's page while the desk closes it, and gives the office a new one."""
        opened = answers.views._offer

        def meanwhile(row):
            for kind in (Report.Kind.CLOSED, Report.Kind.OPENED):
                Report.objects.create(delivery=delivery, kind=kind, source=Report.Source.PAGE)
            return opened(row)

        monkeypatch.setattr(answers.views, "_offer", meanwhile)
        shown = words(Client().get(link))
        assert f'href="{link}letter.pdf"' in shown
        assert links.address(delivery).removeprefix(settings.SITE_URL) not in shown

    def test_what_is_not_closed_is_not_renewed(self, link, desk, page):
        assert "Give the office a new page" not in words(desk.get(page))
        assert desk.post(f"{page}new-page/").status_code == 409
        assert Client().get(link).status_code == 200

    def test_the_paper_behind_it_ends_with_the_key_of_the_dossier(self, closed, desk, page, postbox):
        assert desk.post(f"{page}new-page/").status_code == 302
        new = mailed(postbox)
        retaining.destroy_keys(timezone.now() + timedelta(days=400))
        assert Client().get(f"{new}letter.pdf").status_code == 410
        assert Client().get(new).status_code == 200

    def test_a_letter_that_is_taken_down_gets_none(self, closed, desk, page, letter):
        take_down(Letter.objects.get(pk=letter.pk), reason="The ministry acted.", by=cast.esra(letter))
        assert "Give the office a new page" not in words(desk.get(page))
        assert desk.post(f"{page}new-page/").status_code == 409

    def test_it_takes_fresh_proof(self, closed, letter, page):
        client = Client()
        entering.enter(client, cast.esra(letter), minutes_ago=10)
        client.post(f"{page}new-page/")
        assert [one.kind for one in Report.objects.all()] == [Report.Kind.CLOSED]


class TestWhatSomebodyBrought:
    @pytest.fixture
    def proposer(self, letter) -> Client:
        return signed_in(cast.esra(letter, Role.Kind.DELIVERER, name="Dunya"))

    @pytest.fixture
    def brought(self, letter, desk, proposer) -> Delivery:
        Recipient.objects.update(channel="hand", address="", postal="1 Quay Street\nLowmere")
        approve(letter, proposed(letter, proposer), desk)
        delivery = Delivery.objects.of(letter)[0]
        handed_out(desk, delivery)
        for what, facts in (("record", {"day": NOW}), ("close-page", {})):
            assert act(desk, delivery, what, **facts).status_code == 302
        return delivery

    def test_its_new_address_is_shown_once(self, brought, desk, postbox, monkeypatch):
        answer = act(desk, brought, "new-page")
        assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
        new = f"/d/{words(answer).split(PLACE)[1].split('<')[0]}"
        assert Client().get(new).status_code == Client().get(f"{new}letter.pdf").status_code == 200
        assert new in words(act(desk, brought, "new-page")), "who clicks twice has not lost it"
        assert Report.objects.filter(kind=Report.Kind.OPENED).count() == 1
        later = timezone.now() + timedelta(minutes=11)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert act(desk, brought, "new-page").status_code == 409
        assert PLACE not in words(desk.get(f"/desk/letters/clean-rivers/deliveries/{brought.pk}/"))
        assert told(postbox) == []

    def test_t27_not_to_who_has_proposed_the_delivery(self, brought, proposer):
        shown = words(proposer.get(f"/desk/letters/clean-rivers/deliveries/{brought.pk}/"))
        assert "Give the office a new page" not in shown and "nobody gets these alone" in shown
        assert act(proposer, brought, "new-page").status_code == 403
        assert [one.kind for one in Report.objects.all()] == [Report.Kind.CLOSED]
