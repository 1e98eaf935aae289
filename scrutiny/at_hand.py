"""Small tables that a process asks for often keep lying at hand in it for a while."""

import functools
import time
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

T = TypeVar("T")


def kept(*, seconds: float) -> Callable[[Callable[[], T]], Callable[[], T]]:
    """Call the decorated function once in `seconds`; a change of its table is seen so much later.

    What is kept belongs to the cache that is in force, like pages at hand (letters.caching).
    """

    def decorate(make: Callable[[], T]) -> Callable[[], T]:
        lying: dict[str, tuple[float, T]] = {}

        @functools.wraps(make)
        def take() -> T:
            key = cache.make_key(make.__qualname__)
            until, value = lying.get(key, (0.0, None))
            if value is None or time.monotonic() >= until:
                value = make()
                lying.clear()
                lying[key] = (time.monotonic() + seconds, value)
            return value

        return take

    return decorate
