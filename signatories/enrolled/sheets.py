"""The list as a spreadsheet. The only module that knows XlsxWriter."""

import tempfile
from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from typing import IO, Any

import xlsxwriter

from signatories.enrolled.exporting import PROFILES, harmless

MOST = 1_048_575  # rows: what the format holds, less the line of columns
# numbers, links and formulas stay the text they are
AS_TEXT = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
MADE_AT = datetime(2000, 1, 1)  # the same rows give the same bytes, whenever they are written


class TooLong(ValueError):
    """There are more rows than a spreadsheet holds."""


def to_xlsx(rows: Iterable[dict[str, Any]], file: IO[bytes], *, profile: str, name: str = "") -> None:
    """Write rows as XLSX with the profile's columns, each cell a text; a `name` stands at each page's foot.

    Raises TooLong.
    """
    with tempfile.TemporaryDirectory() as rows_wait_here:
        _write(rows, file, profile=profile, name=name, directory=rows_wait_here)


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
