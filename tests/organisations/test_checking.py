"""Records are looked for in a real DNS server on loopback, by the clock."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from organisations import checking, tasks
from organisations.models import Organisation
from scrutiny import resolving
from tests import cast, entering
from tests.nameserver import Server

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)
PLACE = "_undersigned.harbour-workers.org"


@pytest.fixture
def zone():
    return {("com", "NS"): ["a.gtld.test."]}


@pytest.fixture
def server(settings, monkeypatch, zone):
    server = Server(zone)
    settings.MAIL_DOMAINS_LOOKED_UP, settings.DNS_SERVERS = True, [server.place]
    monkeypatch.setattr(resolving, "LONGEST", 0.5)
    yield server
    server.close()


@pytest.fixture
def union(server):
    """Its website is at a domain of its own, its mailbox at a provider everybody uses."""
    letter = cast.clean_rivers()
    return cast.known_union(
        letter, email="harbour.workers@gmail.com", website="https://www.harbour-workers.org/"
    )


@pytest.fixture
def chidi(union, client):
    entering.enter(client, User.objects.get(email="chidi@desk.example"))
    return client


def publish(zone, union, text=None):
    zone[PLACE, "TXT"] = [f'"{text or checking.record_of(union, "harbour-workers.org")}"']


def page(client, union):
    return " ".join(client.get(f"/desk/organisations/{union.public_id}/").content.decode().split())


def press(client, union):
    """A moderator presses the button, and the clock ticks."""
    answer = client.post(f"/desk/organisations/{union.public_id}/record/")
    tasks.check()
    union.refresh_from_db()
    return answer


def test_a_record_that_is_published_gives_the_badge(chidi, union, zone):
    assert PLACE in page(chidi, union)
    assert checking.record_of(union, "harbour-workers.org") in page(chidi, union)
    publish(zone, union)
    assert press(chidi, union).url == f"/desk/organisations/{union.public_id}/"
    assert union.is_verified() and "The record is there." in page(chidi, union)
    assert union.evidence.get().seen == PLACE


@pytest.mark.parametrize(
    "text, said", [(None, "There is no such record."), ("undersigned=else", "but with other words")]
)
def test_what_is_missing_is_said(chidi, union, zone, text, said):
    if text:
        publish(zone, union, text)
    press(chidi, union)
    assert said in page(chidi, union) and not union.is_verified()


def test_a_dns_that_is_silent_is_said_and_waited_for_briefly(chidi, union, server):
    server.is_silent = True
    press(chidi, union)
    assert "The DNS did not answer." in page(chidi, union) and not union.is_verified()
    assert not checking.due(timezone.now())


def test_another_s_record_proves_nothing(chidi, union, zone):
    other = Organisation.objects.create(country="PT")
    publish(zone, union, checking.record_of(other, "harbour-workers.org"))
    press(chidi, union)
    assert not union.is_verified()


def test_no_request_asks_the_dns(chidi, union, server):
    chidi.post(f"/desk/organisations/{union.public_id}/record/")
    page(chidi, union)
    assert server.asked == []
    assert "It is being looked for." in page(chidi, union)


def test_nothing_is_asked_about_a_website_that_proves_nothing(chidi, union, server):
    union.website = "https://harbour.github.io/"
    union.save(update_fields=["website"])
    answer = chidi.post(f"/desk/organisations/{union.public_id}/record/", follow=True)
    assert "at no domain of its own" in answer.content.decode()
    assert checking.check_due() == 0 and server.asked == []


class TestAgain:
    @pytest.fixture(autouse=True)
    def found_yesterday(self, chidi, union, zone):
        publish(zone, union)
        press(chidi, union)
        Organisation.objects.update(dns_checked_at=timezone.now() - timedelta(days=1, minutes=1))

    def test_every_day_it_is_looked_for_and_holds_on(self, union):
        before = union.evidence.get()
        assert checking.check_due() == 1
        assert checking.check_due() == 0
        after = union.evidence.get()
        assert after.expires_at > before.expires_at and after.at == before.at

    def test_what_is_gone_proves_nothing_any_more(self, union, zone):
        del zone[PLACE, "TXT"]
        checking.check_due()
        assert not union.is_verified() and union.evidence.get().revoked_at

    def test_a_silent_dns_takes_nothing_for_a_week(self, union, server):
        server.is_silent = True
        checking.check_due()
        assert union.is_verified()
        at = timezone.now() + WEEK
        assert not Organisation.objects.verified(at).exists()
