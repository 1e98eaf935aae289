"""More lines than are sorted at once: they come in order, and wait sealed."""

import random

import pytest

from signatories.enrolled import exporting, ordering
from signatories.enrolled.exporting import Line


def line(number):
    return Line(number, f"{number:064x}", "public", "person", f"Name {number % 7}", country="PK")


@pytest.mark.parametrize("many", [0, 1, 9, 10, 11, 30, 95])
def test_lines_come_in_order_however_many(many, monkeypatch):
    monkeypatch.setattr(ordering, "RUN", 10)
    monkeypatch.setattr(ordering, "BLOCK", 3)
    lines = [line(number) for number in range(many)]
    mixed = random.Random(many).sample(lines, many)
    ordered = list(ordering.Ordered(mixed, key=exporting.order, make=Line._make))
    assert ordered == sorted(lines, key=exporting.order)
    assert all(type(one) is Line for one in ordered)


def test_t30_what_waits_in_a_file_is_sealed(monkeypatch):
    monkeypatch.setattr(ordering, "RUN", 10)
    ordered = ordering.Ordered(map(line, range(30)), key=exporting.order, make=Line._make)
    ordered._file.seek(0)
    waiting = ordered._file.read()
    assert len(waiting) > 2000 and b"Name" not in waiting
