from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from answers.models import Answer
from deliveries import links, preparing, sending
from deliveries.models import Delivery
from tests import cast, entering
from tests.deliveries.conftest import letter, own_papers, postbox

__all__ = ["letter", "own_papers", "postbox"]

DESK = "/desk/letters/clean-rivers/answers/"


@pytest.fixture
def delivery(letter, postbox) -> Delivery:
    """What the Ministry of the Interior was sent: three signatures, two of them by name."""
    first = preparing.prepare(letter)[0]
    assert sending.send(first)
    return Delivery.objects.get(pk=first.pk)


@pytest.fixture
def link(delivery) -> str:
    """The path of the office's page, as its mail has it."""
    return links.address(delivery).removeprefix("http://localhost:8000")


@pytest.fixture
def desk(letter) -> Client:
    client = Client()
    entering.enter(client, cast.esra(letter))
    return client


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def answer(link) -> Answer:
    given = {
        "act": "answer",
        "text": "We will <b>act</b>.",
        "name": "N. Qadri",
        "role": "Head",
        "language": "en",
    }
    assert Client().post(link, given).status_code == 200
    return Answer.objects.get()


def shown(fresh_cache) -> str:
    fresh_cache()
    return words(Client().get("/letters/clean-rivers/"))


@pytest.fixture
def later(monkeypatch):
    """Call it to read the page as long after now as it says."""
    now = timezone.now

    def leap(ahead: timedelta) -> None:
        monkeypatch.setattr(timezone, "now", lambda: now() + ahead)

    return leap
