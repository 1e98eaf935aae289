"""The whole site in one foreground command, for one's own machine."""

import http.client
import io
import os
import shutil
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command, get_commands

from config import brokers, sockets
from config.household import ChildDied, Household

HOST = "127.0.0.1"
FIRST_PAGE = "/"
PATIENCE = 60  # seconds until the first page


class Command(BaseCommand):
    help = "Serve everything on this machine: database, demo letters, broker, worker, clock and web pages."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "'dev' is for your own machine and needs DEBUG=1. README.md tells what runs on a server."
            )
        port = free_port_or_stop(os.environ.get("PORT") or "8000")
        # links in mails lead to the port that is served
        os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
        signal.signal(signal.SIGTERM, _interrupt)
        household = Household()
        try:
            self._open(household, port)
            self._say(port)
            household.watch()
        except ChildDied as sentence:
            raise CommandError(str(sentence)) from None
        except KeyboardInterrupt:
            self.stdout.write("\nStopping.")
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            household.stop()

    def _open(self, household: Household, port: int) -> None:
        settings.VAR_DIR.mkdir(mode=0o700, exist_ok=True)
        start_broker(household)
        call_command("migrate", verbosity=0)
        if "seed" in get_commands():
            call_command("seed", stdout=io.StringIO())
        household.start("worker", worker_command())
        household.start("clock", clock_command())
        household.start("web server", web_command(port))
        wait_for_page(household, port)

    def _say(self, port: int) -> None:
        site = f"http://localhost:{port}"
        self.stdout.write(
            f"\nThe letters are open at  {site}/\n"
            f"Mail that was sent:      {site}/dev/mail/\n"
            f"Sign in as staff:        {site}/dev/  (choose who you want to be)\n"
            "Ctrl-C stops everything.\n"
        )
        self.stdout.flush()


def free_port_or_stop(wanted: str) -> int:
    """The port to serve on. Raises CommandError with a way out when it is taken or no port at all."""
    if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
        raise CommandError(f"PORT must be a number between 1 and 65535, and it is '{wanted}'.")
    port = int(wanted)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            other = port + 1 if port < 65535 else 8000
            raise CommandError(
                f"Port {port} is taken by another program. Stop that one, or choose another port: "
                f"make run PORT={other}"
            ) from None
    return port


def start_broker(household: Household) -> None:
    """Have a broker: the one REDIS_URL names, else one of our own on a socket in var/."""
    if os.environ.get("REDIS_URL"):
        if not _answers():
            raise CommandError(f"REDIS_URL names {_without_password()}, and nothing answers there.")
        return
    if _answers():
        raise CommandError("The site is running from this directory already. Stop that one first.")
    server = brokers.program()
    data = settings.VAR_DIR / Path(server).name
    if not _started(household, server, data):
        # What it remembers is no truth, only a nudge: a file it cannot read must not stop the site
        household.stop()
        shutil.rmtree(data)
        if not _started(household, server, data):
            raise CommandError(f"The broker does not start; {settings.VAR_DIR / 'broker.log'} says why.")


def _started(household: Household, server: str, data: Path) -> bool:
    data.mkdir(mode=0o700, exist_ok=True)
    socket_file = sockets.socket_path(settings.VAR_DIR)
    command = brokers.command(server, socket=socket_file, data=data)
    child = household.start("broker", command, log=settings.VAR_DIR / "broker.log")
    patience = time.monotonic() + 15
    while child.poll() is None and time.monotonic() < patience:
        if _answers():
            return True
        time.sleep(0.02)
    return False


def worker_command() -> list[str]:
    """One Celery worker."""
    return [
        sys.executable, "-W", "ignore:You're running the worker with superuser privileges",
        "-m", "celery", "--quiet", "--app", "config", "worker",
        "--queues", "celery,deliveries", "--concurrency", "4",
        "--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]  # fmt: skip


def clock_command() -> list[str]:
    """What asks the worker for what is due: a process of its own, since one inside would die unnoticed."""
    return [
        sys.executable, "-m", "celery", "--quiet", "--app", "config", "beat", "--loglevel", "WARNING",
        "--schedule", str(settings.VAR_DIR / "clock"), "--pidfile", "",
    ]  # fmt: skip


def web_command(port: int) -> list[str]:
    """The web server, for this machine alone."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port),
        "--blocking-threads", "4", "--no-ws", "--log-level", "warning", "config.wsgi:application",
    ]  # fmt: skip


def wait_for_page(household: Household, port: int) -> None:
    """Return once the first page really answers. Raises ChildDied, or CommandError after a minute."""
    patience = time.monotonic() + PATIENCE
    while time.monotonic() < patience:
        household.check()
        if _status(port) == http.client.OK:
            return
        time.sleep(0.05)
    raise CommandError(f"The first page did not answer within {PATIENCE} seconds.")


def _status(port: int) -> int | None:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", FIRST_PAGE)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def _answers() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _without_password() -> str:
    parts = urlsplit(settings.REDIS_URL)
    return f"{parts.scheme}://{parts.hostname or parts.path}" + (f":{parts.port}" if parts.port else "")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
