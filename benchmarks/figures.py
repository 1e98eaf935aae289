"""What was measured, beside its limit."""

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import median
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


def spread(
    name: str, limit: float, kinds: Sequence[str], take: Callable[[str, int], float], *, seconds: float
) -> Figure:
    """How far apart in time the kinds are: what a stranger with a watch sees.

    `take` answers how many seconds one of a kind takes in the round of that number. Each is compared with the
    others of its round, milliseconds apart: what else a machine does stretches all. Each goes first as often
    as any other.
    """
    shares: dict[str, list[float]] = {kind: [] for kind in kinds}
    usual = []
    for number in rounds(seconds=seconds):
        turned = [kinds[(number + place) % len(kinds)] for place in range(len(kinds))]
        taken = {kind: take(kind, number) for kind in turned}
        usual.append(median(taken.values()))
        for kind, passed in taken.items():
            shares[kind].append(passed / usual[-1])
    medians = {kind: median(of_round) for kind, of_round in shares.items()}
    slowest, quickest = max(medians, key=medians.__getitem__), min(medians, key=medians.__getitem__)
    return Figure(
        name,
        medians[slowest] / medians[quickest],
        limit,
        f"{slowest} {medians[slowest]:.3f} to {quickest} {medians[quickest]:.3f} of their round's"
        f" {median(usual) * 1e3:.2f} ms, {len(usual)} rounds of {len(kinds)} kinds",
    )


def table(figures: Iterable[Figure]) -> str:
    """The figures in columns, for a terminal and for a document."""
    rows = [("figure", "measured", "limit", "", "how it came about"), *(figure.row() for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
