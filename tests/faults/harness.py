"""Real processes to kill, real servers to cut, and what must be true afterwards.

Everything here is a context manager that stops what it started, whatever the test did to it.
The processes share the test's database, so tests that start them need `transactional_db`.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from outbox import clock
from outbox.models import Message, State
from tests import servers
from tests.house.places import ROOT
from tests.servers import PATIENCE

LEASE_SECONDS = 2


@dataclass
class Started:
    """A process with a group of its own, and everything it said."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def output(self) -> str:
        return self.log.read_text()

    def kill(self) -> None:
        """`kill -9`, its children included."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)

    def stop(self, *, seconds: float = PATIENCE) -> int:
        """SIGTERM; the exit code once it has ended."""
        self.process.terminate()
        return self.wait(seconds=seconds)

    def wait(self, *, seconds: float = PATIENCE) -> int:
        return self.process.wait(timeout=seconds)


@contextlib.contextmanager
def running(*command: str, log: Path, **environment: str) -> Iterator[Started]:
    """A process of ours at the test's database; whatever is left of it dies with the `with`."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environment_with(**environment),
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            process_group=0, preexec_fn=servers._die_with_the_run,
        )  # fmt: skip
    started = Started(process, log)
    try:
        yield started
    finally:
        started.kill()


def environment_with(**changes: str) -> dict[str, str]:
    """The environment of a process that tests start: this run's, at this test's database."""
    ours = {
        "DATABASE_URL": database_url(),
        "EMAIL_URL": settings.EMAIL_URL,
        "MAIL_PER_HOUR": str(settings.MAIL_PER_HOUR),
        "OUTBOX_LEASE": str(LEASE_SECONDS),
        "UNDERSIGNED_TESTING": "1",
        "PYTHONUNBUFFERED": "1",
    }
    return os.environ | ours | changes


def database_url() -> str:
    """Where this test's database is, for another process."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def sender(log: Path, **environment: str) -> contextlib.AbstractContextManager[Started]:
    """`manage.py outbox_run`, looking at the queue five times a second."""
    return running("manage.py", "outbox_run", "--every", "0.2", log=log, **environment)


@contextlib.contextmanager
def worker(log: Path, *, redis_url: str, **environment: str) -> Iterator[Started]:
    """A Celery worker, and a clock that goes on when it is killed."""
    with (
        clock_of(log, redis_url=redis_url, **environment),
        worker_alone(log, redis_url=redis_url, **environment) as started,
    ):
        yield started


def worker_alone(
    log: Path, *, redis_url: str, **environment: str
) -> contextlib.AbstractContextManager[Started]:
    """A Celery worker with two processes, at that broker."""
    return running(
        "-m", "celery", "-A", "config", "worker", "--concurrency", "2", "--queues", "celery,deliveries",
        "--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat",
        log=log, REDIS_URL=redis_url, **environment,
    )  # fmt: skip


def clock_of(log: Path, *, redis_url: str, **environment: str) -> contextlib.AbstractContextManager[Started]:
    """What asks a worker at that broker for what is due."""
    return running(
        "-m", "celery", "-A", "config", "beat", "--loglevel", "WARNING", "--pidfile", "",
        "--schedule", str(log.with_suffix(f".{uuid.uuid4().hex}")),
        log=log, REDIS_URL=redis_url, **environment,
    )  # fmt: skip


@contextlib.contextmanager
def broker(directory: Path) -> Iterator[str]:
    """A Redis or Valkey of the test's own; yields its URL."""
    url, stop = servers.redis_server(directory)
    try:
        yield url
    finally:
        stop()


def settles(question: Callable[[], object], *, seconds: float = PATIENCE) -> bool:
    """Does the answer become yes within so many seconds?"""
    patience = time.monotonic() + seconds
    while not question():
        if time.monotonic() > patience:
            return False
        time.sleep(0.05)
    return True


def leases_run_out() -> None:
    """Time passes until nothing that a lost sender held is held any more."""
    past = clock.now() - timedelta(seconds=1)
    Message.objects.in_flight().update(lease_until=past)


def waits_are_over() -> None:
    """Time passes until everything that waits for another attempt may be tried."""
    Message.objects.filter(state=State.READY).update(next_at=clock.now() - timedelta(seconds=1))
