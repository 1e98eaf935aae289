"""The real command, running."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from bootstrap import commands
from tests import servers
from tests.servers import PATIENCE


class Site:
    """The real command in a copy of the house, on a free port, with next to no environment.

    In a fresh copy it makes its database first; where a site was before it goes on with what is there.
    """

    def __init__(self, place: Path) -> None:
        self.place, self.port, self.log = place, servers.free_port(), place / "said"
        if not (place / "var").exists():
            (place / "var").mkdir(mode=0o700)
            keys = {name: commands.fresh_key() for name in commands.KEYS}
            (place / "var" / "env").write_text("".join(f"{k}={v}\n" for k, v in keys.items()) + "DEBUG=1\n")
        try:
            self.start()
        except AssertionError:
            self.stop()
            raise

    def start(self) -> None:
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "dev"], cwd=self.place, stdout=log, stderr=subprocess.STDOUT,
                env={"PATH": os.environ["PATH"], "PORT": str(self.port)},
                # whoever runs the tests in the background has Ctrl-C ignored, and children inherit that
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )  # fmt: skip
        patience = time.monotonic() + PATIENCE
        while "Ctrl-C stops" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < patience, self.log.read_text()
            time.sleep(0.1)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def stop(self) -> None:
        """As Ctrl-C does; whatever survives is killed."""
        try:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(40)
        finally:
            for pid in self.family():
                os.kill(pid, signal.SIGKILL)

    def family(self) -> list[int]:
        """Every process that runs in this copy, the command itself included."""
        found, places = [], self.places()
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                told = (entry / "cmdline").read_text(errors="replace")
                here = (entry / "cwd").resolve() == self.place or any(place in told for place in places)
                state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
            except OSError:
                continue
            if here and state != "Z":
                found.append(int(entry.name))
        return found

    def places(self) -> list[str]:
        """The copy itself and, where that is too deep for it, the place of the broker's socket."""
        record = self.place / "var" / "broker.path"
        return [str(self.place), *([record.read_text()] if record.exists() else [])]

    def wait_until_nobody_is_left(self) -> None:
        patience = time.monotonic() + 30
        while left := self.family():
            assert time.monotonic() < patience, left
            time.sleep(0.1)
