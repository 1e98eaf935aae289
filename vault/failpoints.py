"""Places where a test may kill the process, to see what is left. Nothing happens here outside tests."""

import os
import signal

from django.conf import settings


def failpoint(name: str) -> None:
    """Die as by `kill -9` if the environment of a test run says FAILPOINT=<name>:kill."""
    if settings.TESTING and os.environ.get("FAILPOINT") == f"{name}:kill":
        os.kill(os.getpid(), signal.SIGKILL)
