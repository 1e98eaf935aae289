"""Lines in order, however many: sorted some at a time, laid aside, and merged from there.

Names are sealed in the database, so it cannot sort by them.
"""

import heapq
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from vault import sealing

RUN = 5_000  # lines that are sorted at once
BLOCK = 125  # lines of each run that are in memory while runs are merged
PLACE = "signatories.ordering.block"
KEY_BYTES = 32

Order = Callable[[Any], Any]
Make = Callable[[list[Any]], Any]


class Ordered:
    """Lines, tuples of texts and numbers, taken in at once and to be read once, ordered by their `key`.

    Of many most wait in a file under no name, sealed under a key that this object alone has; `make` makes
    a line of a list again.
    """

    def __init__(self, lines: Iterable[Any], *, key: Order, make: Make) -> None:
        lines = iter(lines)
        self._key, self._make = key, make
        self._secret = os.urandom(KEY_BYTES)
        self._runs: list[list[int]] = []
        self._last = sorted(islice(lines, RUN), key=key)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it has been read
        while len(self._last) == RUN and (more := sorted(islice(lines, RUN), key=key)):
            self._runs.append(list(self._lay_aside(self._last)))
            self._last = more

    def __iter__(self) -> Iterator[Any]:
        with self._file:
            yield from heapq.merge(*map(self._read, self._runs), self._last, key=self._key)

    def _lay_aside(self, run: list[Any]) -> Iterator[int]:
        """Write the run block by block; the place of each."""
        for start in range(0, len(run), BLOCK):
            block = json.dumps(run[start : start + BLOCK], ensure_ascii=False)
            sealed = sealing.seal(block, place=PLACE, keys=[self._secret])
            yield self._file.tell()
            self._file.write(len(sealed).to_bytes(4) + sealed)

    def _read(self, run: list[int]) -> Iterator[Any]:
        for place in run:
            self._file.seek(place)
            sealed = self._file.read(int.from_bytes(self._file.read(4)))
            yield from map(self._make, json.loads(sealing.unseal(sealed, place=PLACE, keys=[self._secret])))
