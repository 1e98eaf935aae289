import pytest

from signatories.enrolled import enrolling
from tests import secrets_typed


@pytest.fixture(autouse=True)
def nobody_is_found(request):
    """When a story is over nothing that was typed in it stands in database, Redis or log."""
    marker = request.node.get_closest_marker("django_db")
    is_whole = marker is not None and marker.kwargs.get("transaction")
    request.getfixturevalue("transactional_db" if is_whole else "db")
    with secrets_typed.noted() as typed:
        yield typed
        assert typed.found() == {}


@pytest.fixture
def site(live_server, settings, mails):
    """The site as a browser finds it; links in mails lead to it."""
    settings.SITE_URL = live_server.url
    return live_server.url


@pytest.fixture
def clock():
    """Call it where, in life, two seconds would pass."""

    def tick() -> None:
        enrolling.enrol(at_once=True)

    return tick
