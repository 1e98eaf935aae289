import gc
import ipaddress
import os
import socket
import uuid
from pathlib import Path

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection

from bootstrap import chromium
from outbox import box, draining
from tests import databases
from tests.environment import RUN

# Argon2 still, at a cost that the thousands of accounts of a run can bear
REAL_COST = (Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost)
Argon2PasswordHasher.time_cost = Argon2PasswordHasher.parallelism = 1
Argon2PasswordHasher.memory_cost = 64  # KiB

BROWSER_FIXTURES = {"page", "context", "browser"}
# Chromium hears one list only of what it is not to do. Besides what Playwright tells it: the two pages of its
# own that wait behind each window's address bar take twice as long as the window
NO_FEATURES = [
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding",
    "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints",
    "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
]  # fmt: skip
# Debian's Chromium, told to leave the network alone
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    f"--disable-features={','.join(NO_FEATURES)}",
]  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What asks for a page is a browser test, whether or not its author said so."""
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


def pytest_collection_finish():
    """What is loaded by now stays: to look through it for garbage again and again was a fifth of all work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """A database of this process alone, a copy of the one that its run has migrated."""
    with django_db_blocker.unblock():
        databases.open_copy(Path(os.environ[RUN]))
        _let_trails_be_emptied()
        databases.empty_after_transactions()
    yield
    with django_db_blocker.unblock():
        databases.drop_copy()


def _let_trails_be_emptied() -> None:
    """Between tests with transactions of their own Django empties every table, the trail's too."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in ("accounts_trail", "accounts_link"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_is_never_emptied")


@pytest.fixture(autouse=True)
def fresh_cache(settings):
    """Every test has a cache of its own inside the one server that all workers share.

    Call it to forget what is kept, in every thread of the test.
    """

    def forget() -> None:
        settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}}

    forget()
    return forget


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch):
    """A test that tries to reach another machine fails, even where the code swallows the error."""
    reached = []
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self, address):
        if self.family != socket.AF_UNIX and not _is_here(address[0]):
            reached.append(address[0])
            raise ConnectionRefusedError(f"tests do not leave this machine: {address[0]}")
        return connect(self, address)

    def guarded_look_up(host, *arguments, **more):
        if not _is_here(host):
            reached.append(host)
            raise socket.gaierror(socket.EAI_NONAME, f"tests do not leave this machine: {host}")
        return look_up(host, *arguments, **more)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
    yield reached
    assert not reached, f"the test tried to reach {', '.join(map(str, reached))}"


def _is_here(host) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": chromium.find(), "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "en-GB", "service_workers": "block"}


@pytest.fixture
def mails(settings, tmp_path):
    """Call it to let what is due leave into a box of the test; it answers with the mails, oldest first."""
    settings.EMAIL_URL = f"box://{tmp_path / 'mail'}"
    seen: set[str] = set()

    def deliver() -> list[box.BoxedMail]:
        draining.drain()
        new = [mail for mail in reversed(box.newest()) if mail.id not in seen]
        seen.update(mail.id for mail in new)
        return new

    return deliver
