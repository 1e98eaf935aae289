"""What it costs to write a list out, beside PostgreSQL's own COPY of the same columns, and its memory.

`python -m benchmarks.listing SLUG FORMAT ROWS` writes one in a process of its own, which tells what it took.
"""

import csv
import io
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
import django
from django.db import connection

if __name__ == "__main__":
    django.setup()

from benchmarks import serving
from benchmarks.figures import Figure
from letters.models import Letter
from signatories.enrolled import exporting, sheets, writing
from signatories.models import Entry, Signature
from vault import sealing

ROUNDS = 3
LIMIT = 4.5  # docs/decisions/0027
PROFILE = "government"
WRITE = {"csv": writing.to_csv, "xlsx": sheets.to_xlsx}
SEALED = ("name", "organisation_name", "role", "affiliation")
COLUMNS = f"signature.kind, {', '.join(f'signature.{name}' for name in SEALED)}, signature.country"
WHERE = """
    FROM signatories_entry AS entry
    JOIN signatories_signature AS signature ON signature.id = entry.signature_id
    WHERE entry.version_id = {version} AND entry.left_by IS NULL AND signature.confirmed_at IS NOT NULL
    AND signature.withdrawn_at IS NULL AND signature.held_at IS NULL AND signature.rejected_at IS NULL
    AND signature.visibility IN ('public', 'recipient')
"""


class Cost(NamedTuple):
    """Seconds by the clock and of CPU, PostgreSQL's included; MB of memory in all, and on top of before."""

    seconds: float
    cpu: float
    peak: float = 0
    growth: float = 0
    rows: int = 0


def cost(letter: Letter, *, most: int, sheet: int) -> list[Figure]:
    """The government's list of `most` rows as CSV, and the first `sheet` of them as XLSX."""
    _enrol(letter)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    rounds = [(_copy(letter), _open(letter), _write(letter, "csv", most)) for _ in range(ROUNDS)]
    copied, opened, ours = (_middle(column) for column in zip(*rounds, strict=True))
    book = _write(letter, "xlsx", sheet)
    csv_name, book_name = f"CSV of {ours.rows:,.0f} rows", f"XLSX of {book.rows:,} rows"
    times = f"{ours.cpu / copied.cpu:.1f} times COPY of the sealed values"
    clock = f"{ours.seconds:.1f}, {opened.seconds:.1f} and {copied.seconds:.1f} s by the clock"
    took = f"{ours.cpu:.1f} to {opened.cpu:.1f} s; {times} ({copied.cpu:.1f} s); {clock}"
    ratio = median(our.cpu / plain.cpu for _, plain, our in rounds)
    return [
        Figure(f"{csv_name}, CPU, to COPY and unsealing", ratio, LIMIT, took),
        Figure(f"{csv_name}, memory on top", ours.growth, 64, f"{ours.peak:.0f} MB in all", unit="MB"),
        Figure(f"{book_name}, memory in all", book.peak, 150, f"{book.seconds:.0f} s", unit="MB"),
    ]


def _middle(costs: tuple[Cost, ...]) -> Cost:
    return Cost(*(median(column) for column in zip(*costs, strict=True)))


def _enrol(letter: Letter) -> None:
    """A line of the roll for each signature of the letter that has none: to enrol them all takes minutes."""
    table = Entry._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (version_id, index, leaf, signature_id) "
            f"SELECT version_id, (SELECT max(index) FROM {table}) + row_number() OVER (), "
            "md5(random()::text) || md5(random()::text), signature.id "
            f"FROM {Signature._meta.db_table} AS signature WHERE letter_id = %s AND confirmed_at IS NOT NULL "
            f"AND NOT EXISTS (SELECT 1 FROM {table} WHERE signature_id = signature.id)",
            [letter.pk],
        )


def _copy(letter: Letter) -> Cost:
    """PostgreSQL's own CSV of the same columns, as they are: sealed, in no order, with nobody left out."""

    def copy() -> None:
        with _copied(letter, "csv") as parts, tempfile.TemporaryFile() as file:
            for part in parts:
                file.write(part)

    return _measured(copy)


def _open(letter: Letter) -> Cost:
    """The least that has to be done besides: each value unsealed, and a CSV of it written."""

    def copy_and_open() -> None:
        with _copied(letter, "binary") as copied, tempfile.TemporaryFile() as file:
            copied.set_types(["text", *["bytea"] * len(SEALED), "text"])
            text = io.TextIOWrapper(file, encoding="utf-8", newline="")
            csv.writer(text).writerows(_opened(copied.rows()))
            text.detach()

    return _measured(copy_and_open)


@contextmanager
def _copied(letter: Letter, form: str) -> Iterator[Any]:
    where = WHERE.format(version=letter.current_id)
    statement = f"COPY (SELECT {COLUMNS} {where}) TO STDOUT (FORMAT {form})"
    with connection.cursor() as cursor, cursor.copy(statement) as copied:
        yield copied


def _opened(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    openers = [sealing.opener(place=f"signatories.signature.{name}") for name in SEALED]
    for kind, *sealed, country in rows:
        texts = [value and unseal(value) for value, unseal in zip(sealed, openers, strict=True)]
        yield kind, *texts, country


def _measured(act: Callable[[], None]) -> Cost:
    began = time.perf_counter(), time.process_time() + serving.own_database_cpu()
    act()
    return Cost(time.perf_counter() - began[0], time.process_time() + serving.own_database_cpu() - began[1])


def _write(letter: Letter, form: str, rows: int) -> Cost:
    """What it takes to write the first `rows` of the list, as its process tells."""
    command = [sys.executable, "-m", "benchmarks.listing", letter.slug, form, str(rows)]
    return Cost(
        *json.loads(subprocess.run(command, check=True, capture_output=True, cwd=serving.ROOT).stdout)
    )


def _tell(slug: str, form: str, most: int) -> None:
    letter = Letter.objects.select_related("current").get(slug=slug)
    before, passed = _memory("VmRSS"), itertools.count()
    rows = itertools.islice(exporting.rows(letter, profile=PROFILE), most)

    def write() -> None:
        with tempfile.TemporaryFile() as file:
            WRITE[form]((row for row, _ in zip(rows, passed, strict=False)), file, profile=PROFILE)

    spent = _measured(write)
    peak = _memory("VmHWM")
    print(json.dumps(spent._replace(peak=peak, growth=peak - before, rows=next(passed))))


def _memory(name: str) -> float:
    """What Linux says of this process, in MB."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in status if line.startswith(name))


if __name__ == "__main__":
    _tell(sys.argv[1], sys.argv[2], int(sys.argv[3]))
