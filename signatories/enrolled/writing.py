"""Rows as a file for programs and spreadsheets, written as they come: nothing of them stays in memory."""

import csv
import io
import json
from collections.abc import Iterable
from itertools import chain
from operator import itemgetter
from typing import IO, Any

from signatories.enrolled.exporting import PROFILES, harmless


def to_csv(rows: Iterable[dict[str, Any]], file: IO[bytes], *, profile: str, name: str = "") -> None:
    """Write rows as CSV, with the profile's columns; a `name` of the list stands in a last line."""
    columns = PROFILES[profile]
    foot = [[name, *[""] * (len(columns) - 1)]] if name else []
    _write_table(chain([columns], map(itemgetter(*columns), rows), foot), file)


def table_to_csv(lines: Iterable[Iterable[Any]]) -> bytes:
    """A small table as CSV."""
    file = io.BytesIO()
    _write_table(lines, file)
    return file.getvalue()


def _write_table(lines: Iterable[Iterable[Any]], file: IO[bytes]) -> None:
    """CSV is UTF-8 with a BOM, which spreadsheets need, every cell quoted and disarmed."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    table = csv.writer(text, quoting=csv.QUOTE_ALL)
    table.writerows([harmless(cell) for cell in map(str, line)] for line in lines)
    text.detach()


def to_json(rows: Iterable[dict[str, Any]], file: IO[bytes], *, profile: str, name: str = "") -> None:
    """Write rows as one JSON list, a line each; with a `name`, as an object that bears it."""
    columns = PROFILES[profile]
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    text.write(f'{{"export": {json.dumps(name)}, "signatories": [' if name else "[")
    before = "\n"
    for row in rows:
        line = {column: row[column] for column in columns}
        text.write(before + json.dumps(line, ensure_ascii=False))
        before = ",\n"
    text.write("\n]}\n" if name else "\n]\n")
    text.detach()
