"""How long something takes, as far as a machine that others use as well can tell."""

import time
from collections.abc import Callable

TRIES = 3


def cpu(act: Callable[[], object]) -> float:
    """Seconds of processor time, the least of a few tries: what disturbs a try never makes it faster."""
    taken = []
    for _ in range(TRIES):
        started = time.process_time()
        act()
        taken.append(time.process_time() - started)
    return min(taken)
