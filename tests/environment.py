"""The environment of a test run, loaded before Django reads its settings (`-p tests.environment`).

The first process of a run finds or starts the servers; the workers of xdist inherit what it found.
"""

import atexit
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests import servers

TEST_KEYS = {
    "SECRET_KEY": "only-for-tests-and-therefore-not-secret-at-all-0123456789",
    "FIELD_KEYS": "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "INDEX_KEY": "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCA",
    "TOKEN_KEYS": "DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDA",
    "ROLL_KEY": "EEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEA",
}
RUN = "UNDERSIGNED_TEST_RUN"  # the directory of this run, handed down to workers
EMBEDDED = "sqlite://"


def prepare() -> None:
    """Have database and broker, and say so in the environment. Once a run, however many workers."""
    if RUN in os.environ:
        return
    directory = Path(tempfile.mkdtemp(prefix="undersigned-"))
    os.environ[RUN] = str(directory)
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    if not (url := os.environ.get("TEST_DATABASE_URL")):
        url = _started(servers.postgresql, directory)
    os.environ["DATABASE_URL"] = url = _database(url, directory)
    if not url.startswith("sqlite"):
        atexit.register(servers.drop_database, url)
    os.environ["REDIS_URL"] = os.environ.get("TEST_REDIS_URL") or _started(servers.redis_server, directory)
    os.environ |= TEST_KEYS | {
        "DEBUG": "0",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "SITE_URL": "http://localhost:8000",
        "DEFAULT_FROM_EMAIL": "Undersigned <letters@undersigned.example>",
        "EMAIL_URL": os.environ.get("TEST_EMAIL_URL", "box:///dev/null"),
        "SENTRY_DSN": "",
        "CACHE_URL": "",
        # Playwright's loop runs in the thread of the test that also asks the database
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }


def _started(start: Callable[[Path], tuple[str, Callable[[], None]]], directory: Path) -> str:
    try:
        url, stop = start(directory)
    except servers.NothingFound as sentence:
        sys.exit(str(sentence))
    atexit.register(stop)
    return url


def _database(url: str, directory: Path) -> str:
    """A database of this run alone, so that two runs on one machine never meet."""
    if url.startswith("sqlite"):
        return f"sqlite:///{directory / 'tests.sqlite3'}"
    parts = urlsplit(url)
    name = parts.path.strip("/").replace("postgres", "") or "undersigned"
    return urlunsplit(parts._replace(path=f"/{name}_{secrets.token_hex(3)}"))


prepare()
