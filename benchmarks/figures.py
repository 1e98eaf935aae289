"""What was measured, beside its limit."""

import itertools
import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

FEWEST = 3


class Figure(NamedTuple):
    """One number that the site holds: at most `limit`, or at least where `is_least`."""

    name: str
    measured: float
    limit: float
    detail: str
    is_least: bool = False
    unit: str = "×"

    @property
    def holds(self) -> bool:
        return self.measured >= self.limit if self.is_least else self.measured <= self.limit

    def row(self) -> tuple[str, ...]:
        sign = "≥" if self.is_least else "≤"
        verdict = "pass" if self.holds else "FAIL"
        return (
            self.name,
            f"{self.measured:.2f} {self.unit}",
            f"{sign} {self.limit:g} {self.unit}",
            verdict,
            self.detail,
        )


def rounds(*, seconds: float) -> Iterator[int]:
    """The numbers of the rounds that fit into some seconds; three on the slowest machine."""
    end = time.monotonic() + seconds
    return itertools.takewhile(lambda number: number < FEWEST or time.monotonic() < end, itertools.count())


def table(figures: Iterable[Figure]) -> str:
    """The figures in columns, for a terminal and for a document."""
    rows = [("figure", "measured", "limit", "", "how it came about"), *(figure.row() for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
