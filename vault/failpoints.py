"""Places where a test may kill the process, to see what is left. Nothing happens here outside tests."""

import os
import signal
from pathlib import Path

from django.conf import settings


def failpoint(name: str) -> None:
    """Die as by `kill -9` if the environment of a test run says FAILPOINT=<name>:kill.

    Or once, in whichever process comes first, when the directory FAILPOINTS holds a file of that name.
    """
    if settings.TESTING and (os.environ.get("FAILPOINT") == f"{name}:kill" or _is_armed(name)):
        os.kill(os.getpid(), signal.SIGKILL)


def _is_armed(name: str) -> bool:
    directory = os.environ.get("FAILPOINTS")
    if not directory:
        return False
    try:
        (Path(directory) / name).unlink()
    except FileNotFoundError:
        return False
    return True
