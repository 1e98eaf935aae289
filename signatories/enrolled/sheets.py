"""The list as a spreadsheet. The only module that knows XlsxWriter."""

import fcntl
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from signatories.enrolled.exporting import PROFILES, harmless

MOST = 1_048_575  # rows: what the format holds, less the line of columns
# numbers, links and formulas stay the text they are
AS_TEXT = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
PREFIX, MARK = "undersigned-rows-", "in-use"
LEFT_AFTER = 600  # seconds: a directory that nobody holds any more
MADE_AT = datetime(2000, 1, 1)  # the same rows give the same bytes, whenever they are written


class TooLong(ValueError):
    """There are more rows than a spreadsheet holds."""


def to_xlsx(rows: Iterable[dict[str, Any]], file: IO[bytes], *, profile: str, name: str = "") -> None:
    """Write rows as XLSX with the profile's columns, each cell a text; a `name` stands at each page's foot.

    Raises TooLong.
    """
    with _directory() as rows_wait_here:
        _write(rows, file, profile=profile, name=name, directory=rows_wait_here)


def sweep() -> int:
    """Delete the names that writers which were killed have left on the disk. Returns how many had."""
    swept = 0
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if _is_left(left):
            shutil.rmtree(left, ignore_errors=True)
            swept += 1
    return swept


def _is_left(directory: Path) -> bool:
    try:
        if time.time() - directory.stat().st_mtime < LEFT_AFTER:
            return False
        with (directory / MARK).open("w") as mark:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # its writer holds it, or has just deleted it
        return False
    return True


@contextmanager
def _directory() -> Iterator[str]:
    """A directory for what does not fit into memory; the lock falls with the process, whatever ends that."""
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name, Path(name, MARK).open("w") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        yield name


def _write(
    rows: Iterable[dict[str, Any]], file: IO[bytes], *, profile: str, name: str, directory: str
) -> None:
    """Write the rows; what does not fit into memory waits in `directory`."""
    columns = PROFILES[profile]
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": directory, **AS_TEXT})
    book.set_properties({"created": MADE_AT})
    sheet = book.add_worksheet()
    sheet.set_footer(f"&L{name.replace('&', '&&')}&R&P / &N")
    sheet.freeze_panes(1, 0)
    for number, line in enumerate(chain([dict(zip(columns, columns, strict=True))], rows)):
        if number > MOST:
            raise TooLong(number)
        for place, column in enumerate(columns):
            sheet.write_string(number, place, harmless(str(line[column])))
    book.close()
