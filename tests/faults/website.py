"""The web server as README.md starts it on a server, and visitors who note what they were told."""

import contextlib
import http.client
import itertools
import re
import shlex
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.db import connection

from signatories import tokens
from signatories.models import Signature
from tests import servers
from tests.faults.harness import Started, running, settles
from tests.house.places import ROOT

PERSON = {"kind": "person", "name": "Ada Okoye", "country": "NG", "visibility": "public", "consent": "on"}
WORKERS = 2
TRIES = 5
NO_ANSWER = (OSError, http.client.HTTPException)
# In turn, as different as people's: many who come with one rare browser are held for a moderator
BROWSERS = itertools.cycle(["Chrome/142.0", "Safari/605.1", "Firefox/145.0", "EdgA/142.0"])


@dataclass(frozen=True)
class Answer:
    """What a browser got: all of it but the date."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


class Website:
    """A running web server, what arms its failpoints, and a journal of those who were told `303` by it."""

    def __init__(self, directory: Path, **environment: str) -> None:
        self.port = servers.free_port()
        self.log = directory / "web.log"
        self.failpoints = directory / "failpoints"
        self.failpoints.mkdir(exist_ok=True)
        self.environment = environment | {"FAILPOINTS": str(self.failpoints)}
        self.journal: list[str] = []
        self.life = contextlib.ExitStack()
        self.process: Started
        self.start()

    def start(self) -> None:
        self.process = self.life.enter_context(running(*command(self.port), log=self.log, **self.environment))
        self.said_before = len(self.process.output)
        assert settles(lambda: self.is_whole() and self.is_up()), self.process.output

    def recover(self) -> None:
        """What a supervisor does: start it again if it has ended; and wait for every worker."""
        settles(lambda: self.is_whole() or self.has_ended())
        if not self.is_whole():
            self.life.close()
            self.start()

    def again(self, act: Callable[[], Answer]) -> Answer:
        """What people do when nothing answers: try again. A dying worker takes its waiting visitors along."""
        for _try in range(TRIES):
            try:
                return act()
            except NO_ANSWER:
                time.sleep(0.2)
                self.recover()
        return act()

    def is_whole(self) -> bool:
        """Are all its workers there? A worker that dies twice within seconds is the end of all of it."""
        said = self.process.output[self.said_before :]
        workers = said.count("Started worker-") - said.count("Unexpected exit from worker-")
        return workers == WORKERS and not self.has_ended()

    def has_ended(self) -> bool:
        return self.process.process.poll() is not None

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, *, seconds: float = 30
    ) -> Answer:
        """One request on a connection of its own. Raises what is in NO_ANSWER if the server goes away."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        with contextlib.closing(line):
            headers = {"User-Agent": next(BROWSERS), "Accept-Language": "en"}
            if form is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            line.request(method, path, urlencode(form) if form is not None else None, headers)
            response = line.getresponse()
            told = tuple(sorted((k, v) for k, v in response.getheaders() if k.lower() != "date"))
            return Answer(response.status, told, response.read().decode())

    def read(self, path: str = "/letters/clean-rivers/", *, seconds: float = 30) -> Answer:
        return self.ask("GET", path, seconds=seconds)

    def sign(self, email: str, *, seconds: float = 30, **changes: str) -> Answer:
        """Send the form of Clean Rivers; who is told that it was taken goes into the journal."""
        form = PERSON | {"email": email} | changes
        answer = self.ask("POST", "/letters/clean-rivers/sign/", form, seconds=seconds)
        if answer.status == http.HTTPStatus.SEE_OTHER:
            self.journal.append(email)
        return answer

    def press(self, path: str, act: str, *, seconds: float = 30) -> Answer:
        """Press a button of a page behind a secret link."""
        return self.ask("POST", path, {"act": act}, seconds=seconds)

    def arm(self, failpoint: str) -> None:
        """The next process that comes to the failpoint dies there."""
        (self.failpoints / failpoint).touch()

    def is_up(self) -> bool:
        try:
            return self.ask("GET", "/healthz", seconds=5).status == http.HTTPStatus.OK
        except NO_ANSWER:
            return False


def command(port: int) -> list[str]:
    """The line of README.md's table, on another port."""
    line = re.search(r"`granian (.+?)`", (ROOT / "README.md").read_text())
    assert line, "README.md says how the web server is started"
    return ["-m", "granian", *shlex.split(line[1].replace("--port 8000", f"--port {port}"))]


@contextlib.contextmanager
def website(directory: Path, **environment: str) -> Iterator[Website]:
    """The web server at the test's database (or at the one `environment` names), answering."""
    site = Website(directory, **environment)
    try:
        yield site
    finally:
        site.life.close()


def confirm_path(signature: Signature) -> str:
    return f"/s/{tokens.make(tokens.CONFIRM, signature)}/"


def manage_path(signature: Signature) -> str:
    return f"/m/{tokens.make(tokens.MANAGE, signature)}/"


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do everything at the same moment, each in a thread; the results in order. The first error is raised."""
    gate = threading.Barrier(len(acts))

    def through(act: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return act()
        finally:
            connection.close()  # this thread's own

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(through, acts))
