"""A few processes that live and die together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
PATIENCE = 25  # seconds: a little more than a worker takes to put its tasks back


class ChildDied(Exception):
    """One of the processes ended by itself; the others cannot do without it."""


class Household:
    """Starts processes, watches them, and stops them all, the last started first.

    Each gets a process group of its own, so that Ctrl-C in the terminal reaches the parent alone and
    nothing a child has started survives it.
    """

    def __init__(self) -> None:
        self.children: list[tuple[str, subprocess.Popen[bytes]]] = []

    def start(self, name: str, command: list[str], *, log: Path | None = None) -> subprocess.Popen[bytes]:
        """Start `command`; what it says goes to `log`, else to the terminal."""
        output = log.open("ab") if log else None
        try:
            child = subprocess.Popen(  # noqa: S603 (our own commands)
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output and subprocess.STDOUT,
                process_group=0, preexec_fn=_die_with_parent,
            )  # fmt: skip
        finally:
            if output:
                output.close()
        self.children.append((name, child))
        return child

    def check(self) -> None:
        """Raises ChildDied as soon as one of the processes has ended."""
        for name, child in self.children:
            if child.poll() is not None:
                raise ChildDied(
                    f"The {name} stopped by itself (status {child.returncode}), so everything stops."
                )

    def watch(self) -> None:
        """Wait until a process ends (ChildDied) or a signal raises."""
        while True:
            self.check()
            time.sleep(0.2)

    def stop(self) -> None:
        """End every process and whatever it has started; returns when none is left."""
        for _name, child in reversed(self.children):
            if child.poll() is None:
                child.terminate()
            try:
                child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                pass
            finally:
                _kill_group(child)
        self.children.clear()


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    child.wait()


def _die_with_parent() -> None:
    """In the child: even when the parent is killed outright, no orphan stays."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
