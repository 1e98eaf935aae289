import pytest
from django.test import Client

from deliveries import emails, preparing, sending
from deliveries.models import Delivery
from tests import cast, entering
from tests.deliveries.conftest import letter, own_papers, postbox

__all__ = ["letter", "own_papers", "postbox"]


@pytest.fixture
def delivery(letter, postbox) -> Delivery:
    """What the Ministry of the Interior was sent: three signatures, two of them by name."""
    first = preparing.prepare(letter)[0]
    assert sending.send(first)
    return Delivery.objects.get(pk=first.pk)


@pytest.fixture
def link(delivery) -> str:
    """The path of the office's page, as its mail has it."""
    return emails.office_page(delivery).removeprefix("http://localhost:8000")


@pytest.fixture
def desk(letter) -> Client:
    client = Client()
    entering.enter(client, cast.esra(letter))
    return client
