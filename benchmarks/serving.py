"""The server that is measured: one process as in production, and the CPU that it and its database take."""

import ctypes
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection

from tests import servers

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds until the server answers


class Server:
    """One granian process with the threads of README.md, DEBUG off; ended when the block ends."""

    def __init__(self, directory: Path) -> None:
        self.port = servers.free_port()
        self.log = directory / "server.log"
        self.process: subprocess.Popen[bytes]

    def __enter__(self) -> Self:
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
            "--port", str(self.port), "--workers", "1", "--blocking-threads", "4", "--no-ws",
            "--log-level", "warning", "config.wsgi:application",
        ]  # fmt: skip
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        try:
            self._wait()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)

    def _wait(self) -> None:
        patience = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < patience:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
            except ConnectionRefusedError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()}")

    def cpu(self) -> float:
        """The CPU seconds that the server's processes have taken so far."""
        return cpu_seconds(_family(self.process.pid))


def database_cpu() -> float:
    """The CPU seconds that PostgreSQL has taken for others than us; 0 where it runs on another machine."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cpu_seconds(pid for (pid,) in cursor.fetchall())


def own_database_cpu() -> float:
    """The CPU seconds that PostgreSQL has taken for us; 0 where it runs on another machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cpu_seconds(pid for (pid,) in cursor.fetchall())


def cpu_seconds(pids: Iterable[int]) -> float:
    """The CPU seconds of some processes, to the nanosecond (clock_getcpuclockid(3)); the ended count 0."""
    return sum(_cpu_clock(pid) for pid in pids)


def _cpu_clock(pid: int) -> float:
    clock = ctypes.c_int()
    if ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock)):
        return 0.0
    return time.clock_gettime(clock.value)


def _family(pid: int) -> Iterator[int]:
    """The process and whatever it has started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _family(int(child))


@contextmanager
def fresh_database() -> Iterator[None]:
    """The database that DATABASE_URL names, made for this run and dropped after it."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = re.sub(r"\W", "", parts.path)
    server = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as postgres:
        postgres.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
        try:
            yield
        finally:
            connection.close()
            postgres.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[call-overload]
