"""The search of the stories finds what is planted, wherever that is."""

import base64
import gzip
import logging

import pytest
from django.core.cache import cache

from outbox.models import Message
from signatories.models import Signature
from tests import cast, secrets_typed

pytestmark = pytest.mark.django_db


def plant_in_a_page():
    page = f"<p>{'Of the letter. ' * 50}canary@people.example</p>"
    cache.set("page", {"body": base64.b64encode(gzip.compress(page.encode())).decode()})


def plant_in_the_log():
    logging.getLogger("signatories.signing").info("Hidden Canary has signed")


@pytest.mark.parametrize(
    "plant, where",
    [
        (
            lambda: Message.objects.update(last_reply="550 <CANARY@people.example>"),
            "the table outbox_message",
        ),
        (lambda: cache.set("seen:canary%40people.example", 1), "Redis"),
        (lambda: cache.set("page", "<li>Hidden Canary</li>"), "Redis"),
        (plant_in_a_page, "a page in Redis"),
        (plant_in_the_log, "the log"),
        (
            lambda: Signature.objects.update(clues={"q": "canary@people.example"}),
            "the table signatories_signature",
        ),
    ],
)
def test_what_is_planted_is_found(plant, where):
    with secrets_typed.noted() as typed:
        cast.attempt(
            cast.clean_rivers(), name="Hidden Canary", email="canary@people.example", visibility="counted"
        )
        assert typed.found() == {}
        plant()
        assert list(typed.found()) == [where]
