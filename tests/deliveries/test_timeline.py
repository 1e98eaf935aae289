import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.utils import translation

from deliveries import preparing, retracting, sending, timeline
from deliveries.demo import seeding
from deliveries.models import Delivery, Report
from letters import taking_down
from letters.models import Letter
from outbox import draining
from signatories import signing
from signatories.enrolled import enrolling
from tests import cast

ATOM = "{http://www.w3.org/2005/Atom}"


def shown(letter):
    return Template("{% load deliveries %}{% timeline letter %}").render(Context({"letter": letter}))


def test_a_letter_that_is_open_says_when_it_was_published_and_not_when_it_will_close(db):
    letter = cast.clean_rivers()
    letter.closes_at = letter.published_at + timedelta(days=30)
    page = shown(letter)
    assert "Published" in page and "Closed" not in page
    assert shown(cast.night_trains()).strip() == ""


def test_only_what_a_mail_server_took_is_called_sent(letter, postbox):
    first, second = preparing.prepare(letter)
    postbox.answers["RCPT"] = ["250 fine", "451 4.3.0 later"]
    sending.send(first)
    sending.send(second)
    page = shown(letter)
    assert "Sent to <bdi>Ministry of the Interior</bdi> with 3 signatures" in page
    assert "Ministry of Health" not in page
    assert Delivery.objects.get(pk=first.pk).file_hash in page
    assert first.recipient.address not in page


def test_a_delivery_of_the_demo_says_that_it_is_none(db):
    seeding.seed()
    page = shown(Letter.objects.get(slug="bread-prices"))
    assert page.index("Published") < page.index("Closed") < page.index("Demonstration")
    assert "No mail left" in page and ">Sent to" not in page


@pytest.mark.parametrize("language", ["ur", "prs", "ps"])
def test_it_costs_four_queries_in_any_language(letter, language, django_assert_num_queries):
    preparing.prepare(letter)
    with translation.override(language), django_assert_num_queries(4):
        assert '<ol class="timeline">' in shown(letter)


def reported(delivery, kind, **facts) -> Report:
    return Report.objects.create(delivery=delivery, kind=kind, source="server", **facts)


def test_delivered_is_said_on_proof_alone_and_once(letter, postbox):
    first, _second = preparing.prepare(letter)
    sending.send(first)
    assert "Delivered to" not in shown(letter)
    for _time in range(2):
        reported(first, Report.Kind.DELIVERED)
    reported(first, Report.Kind.DELAYED)
    assert shown(letter).count("Delivered to <bdi>Ministry of the Interior</bdi>: that is proven") == 1


def test_what_came_back_is_said(letter, postbox):
    first, _second = preparing.prepare(letter)
    sending.send(first)
    reported(first, Report.Kind.BOUNCED)
    assert "Came back from <bdi>Ministry of the Interior</bdi> undelivered" in shown(letter)


def test_numbers_that_were_reached_are_told_once_and_for_ever(letter):
    Letter.objects.filter(pk=letter.pk).update(goal=3)
    assert timeline.mark() == 1
    assert timeline.mark() == 0
    signing.withdraw(letter.signatures.get(listing__name="Bela Horvát"))
    enrolling.enrol(at_once=True)
    assert "3 signatures" in shown(Letter.objects.get(pk=letter.pk))


def entries(client, letter, prefix="") -> list[tuple[str, str]]:
    answer = client.get(f"{prefix}/letters/{letter.slug}/feed/")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/atom+xml"
    found = ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")
    return [(one.findtext(f"{ATOM}title") or "", one.findtext(f"{ATOM}id") or "") for one in found]


def test_the_feed_tells_the_newest_first_under_names_that_stay(client, letter, postbox):
    sending.send(preparing.prepare(letter)[0])
    english, urdu = entries(client, letter), entries(client, letter, "/ur")
    assert [title for title, _ in english] == [
        "Sent to Ministry of the Interior with 3 signatures",
        "Published",
    ]
    assert [name for _, name in english] == [name for _, name in urdu]
    assert english[0][0] != urdu[0][0]


def test_a_feed_of_a_letter_that_is_withdrawn_says_only_that(client, letter, postbox):
    sending.send(preparing.prepare(letter)[0])
    taking_down.take_down(letter, reason="A mistake.", by=cast.esra(letter))
    assert [title for title, _ in entries(client, letter)] == ["Withdrawn by its hosts"]


def test_offices_are_told_once_that_a_letter_is_withdrawn(letter, postbox):
    first, second = preparing.prepare(letter)
    sending.send(first)
    assert retracting.spread() == 0
    taking_down.take_down(letter, reason="A mistake.", by=cast.esra(letter))
    assert not sending.send(second), "nothing leaves any more"
    assert (retracting.spread(), retracting.spread()) == (1, 0)
    draining.drain()
    told = [mail for mail in postbox.mails if mail["Subject"].startswith("Withdrawn")]
    assert [mail["To"] for mail in told] == [first.recipient.address]
    assert "A mistake." in told[0].get_body(("plain",)).get_content()
    assert [one.kind for one in first.reports.all()] == [Report.Kind.RETRACTED]
    assert retracting.spread() == 0


def test_the_feed_of_a_letter_at_risk_names_it_not(client, db):
    letter = cast.quiet_streets()
    answer = client.get(f"/letters/{letter.slug}/feed/")
    assert "Quiet" not in answer.content.decode() and "noindex" in answer["X-Robots-Tag"]


def test_of_a_letter_at_risk_two_offices_show_nobody_who_withdrew_between_them(db, client, postbox, settings):
    settings.OPERATOR_MAY_RELEASE = True
    letter = cast.quiet_streets()
    cast.confirmed(letter, name="Rosa", email="rosa@canary.example", visibility="recipient")
    bela = cast.bela(letter)
    first, *_rest = preparing.prepare(letter)
    signing.withdraw(bela)
    assert sending.send(first)
    first.refresh_from_db()
    assert first.signatures == first.dossier.signatures - 1
    assert f"with {first.dossier.signatures} signature" in shown(letter)
    feed = client.get(f"/letters/{letter.slug}/feed/").content.decode()
    assert f"with {first.dossier.signatures} signature" in feed
    assert re.search(r"T00:00:00\+00:00</updated><id>[^<]*/delivery-", feed), "only the day"


def test_a_draft_has_no_feed(client, db):
    assert client.get(f"/letters/{cast.night_trains().slug}/feed/").status_code == 404
