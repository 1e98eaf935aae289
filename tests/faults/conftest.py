import itertools

import pytest
from django.core.mail import send_mail

from tests import cast
from tests.faults import harness
from tests.faults.website import website
from tests.postbox import open_postbox


@pytest.fixture
def postbox(settings, transactional_db):
    """A mail server that takes everything; ours give up on it after two seconds."""
    settings.EMAIL_BACKEND = "outbox.backends.OutboxBackend"
    with open_postbox() as postbox:
        settings.EMAIL_URL = f"smtp://127.0.0.1:{postbox.port}?timeout=2&data_timeout=2"
        yield postbox


@pytest.fixture
def log(tmp_path):
    return tmp_path / "process.log"


@pytest.fixture
def broker(tmp_path):
    with harness.broker(tmp_path) as url:
        yield url


@pytest.fixture
def post(monkeypatch):
    """Posts so many mails, each to somebody else, without asking any broker."""
    monkeypatch.setattr("outbox.posting.nudge", lambda: None)

    numbers = itertools.count()

    def post(count=1):
        for number in itertools.islice(numbers, count):
            send_mail(f"Mail {number}", "Hello.", None, [f"person{number}@mail.example"])

    return post


@pytest.fixture(scope="session")
def web(django_db_setup, django_db_blocker, tmp_path_factory):
    """One web server for all tests of a process: it takes seconds to start."""
    with django_db_blocker.unblock(), website(tmp_path_factory.mktemp("web")) as site:
        yield site


@pytest.fixture
def site(web, transactional_db):
    """The web server, whole, with an empty journal, at the test's database."""
    web.recover()
    web.journal.clear()
    return web


@pytest.fixture
def letter(transactional_db):
    return cast.clean_rivers()
