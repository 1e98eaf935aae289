import pytest

from signatories.enrolled import enrolling


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
