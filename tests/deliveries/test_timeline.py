from datetime import timedelta

import pytest
from django.template import Context, Template
from django.utils import translation

from deliveries import preparing, sending
from deliveries.demo import seeding
from deliveries.models import Delivery
from letters.models import Letter
from tests import cast


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
def test_it_costs_one_query_in_any_language(letter, language, django_assert_num_queries):
    preparing.prepare(letter)
    with translation.override(language), django_assert_num_queries(1):
        assert '<ol class="timeline">' in shown(letter)
