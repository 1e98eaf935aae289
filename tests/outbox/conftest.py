import pytest

from outbox import building
from outbox.building import Mail
from tests import servers
from tests.postbox import open_postbox


@pytest.fixture
def postbox(settings):
    """A mail server that takes everything, to which EMAIL_URL leads."""
    with open_postbox() as postbox:
        settings.EMAIL_URL = postbox.url
        yield postbox


@pytest.fixture
def builders(monkeypatch):
    """The registry of builders, put back as it was after the test."""
    building.look_for_builders()
    monkeypatch.setattr(building, "_builders", dict(building._builders))
    return building


@pytest.fixture
def letters_to(builders):
    """Messages of kind "note" become a mail to the person whose number is their subject."""

    @builders.message("note")
    def note(message):
        return Mail(to=f"person{message.subject}@mail.example", subject="A note", text="Hello.\n")

    return note


@pytest.fixture
def free_port():
    return servers.free_port()
