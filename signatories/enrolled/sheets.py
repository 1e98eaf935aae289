"""The list as a spreadsheet. The only module that knows XlsxWriter."""

import io
import tempfile
from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from typing import Any

import xlsxwriter

from signatories.enrolled.exporting import PROFILES, harmless

# numbers, links and formulas stay the text they are
AS_TEXT = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
MADE_AT = datetime(2000, 1, 1)  # the same rows give the same bytes, whenever they are written


def to_xlsx(rows: Iterable[dict[str, Any]], *, profile: str, name: str = "") -> bytes:
    """Rows as XLSX with the profile's columns, each cell a text; a `name` stands at the foot of each page."""
    with tempfile.TemporaryDirectory() as rows_wait_here:
        return _write(rows, profile=profile, name=name, directory=rows_wait_here)


def _write(rows: Iterable[dict[str, Any]], *, profile: str, name: str, directory: str) -> bytes:
    """Write the rows; what does not fit into memory waits in `directory`."""
    columns = PROFILES[profile]
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": directory, **AS_TEXT})
    book.set_properties({"created": MADE_AT})
    sheet = book.add_worksheet()
    sheet.set_footer(f"&L{name.replace('&', '&&')}&R&P / &N")
    sheet.freeze_panes(1, 0)
    for number, line in enumerate(chain([dict(zip(columns, columns, strict=True))], rows)):
        for place, column in enumerate(columns):
            sheet.write_string(number, place, harmless(str(line[column])))
    book.close()
    return file.getvalue()
