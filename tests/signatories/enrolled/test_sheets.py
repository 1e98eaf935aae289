"""Lists as people open them: in a spreadsheet, which must run nothing and keep every letter in its place."""

import csv
import os
import shutil
import signal
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from signatories.enrolled import exporting, sheets, writing
from tests.writing import written

OFFICE = shutil.which("soffice")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NAMES = [
    "فاطمه حسینی",
    "گلالۍ ځدراڼ",
    "محمد Ali کریمی",
    "Ольга Павленко",
    "=1+1",
    "＝1+1",  # full-width: spreadsheets read it as =
    "+4917",
    "＋4917",
    "-2",
    "－2",
    "@SUM(A1)",
    "＠SUM(A1)",
    "\t=1+1",
    '=HYPERLINK("https://evil.example","x")',
    'Says "yes", twice',
]
NUMBERS = ["0017", "1/2", "1e5"]  # no names, but a workbook keeps even these


def rows(names):
    """A line for each name, as the press gets it."""
    known = {
        "kind": "person", "organisation": "", "role": "", "affiliation": "", "country": "PK",
    }  # fmt: skip
    return [known | {"number": number, "name": name} for number, name in enumerate(names, 1)]


def names_in(file):
    """The column of names, as the spreadsheet wrote it out again."""
    with file.open(encoding="utf-8", newline="") as lines:
        return [line["name"] for line in csv.DictReader(lines)]


def test_every_cell_is_a_text_and_no_formula(tmp_path):
    file = tmp_path / "list.xlsx"
    file.write_bytes(written(sheets.to_xlsx, rows(NAMES + NUMBERS), profile="press"))
    with zipfile.ZipFile(file) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        links = [name for name in book.namelist() if "rels" in name and "sheet" in name]
    cells = list(sheet.iter(f"{SHEET}c"))
    assert len(cells) == (len(NAMES + NUMBERS) + 1) * len(exporting.PROFILES["press"])
    assert {cell.get("t") for cell in cells} == {"inlineStr"}
    assert not list(sheet.iter(f"{SHEET}f")) and not links


def test_nothing_of_it_is_left_beside(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    written(sheets.to_xlsx, rows(NAMES), profile="press")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.once
@pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice is not installed: apt-get install libreoffice-calc-nogui"
)
def test_libreoffice_opens_both_with_every_name_as_it_was(tmp_path):
    (tmp_path / "book.xlsx").write_bytes(written(sheets.to_xlsx, rows(NAMES + NUMBERS), profile="press"))
    (tmp_path / "list.csv").write_bytes(written(writing.to_csv, rows(NAMES), profile="press"))
    out = tmp_path / "out"
    for file, more in (("book.xlsx", []), ("list.csv", ["--infilter=CSV:44,34,UTF8,1"])):
        subprocess.run(
            [
                OFFICE, "--headless", f"-env:UserInstallation={(tmp_path / 'home').as_uri()}", *more,
                "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,UTF8,1", "--outdir", out / file,
                tmp_path / file,
            ],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    expected = [exporting.harmless(name) for name in NAMES]
    assert names_in(out / "book.xlsx" / "book.csv") == expected + NUMBERS
    assert names_in(out / "list.csv" / "list.csv") == expected


def test_t30_names_that_a_killed_writer_has_left_are_swept_off_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    columns = dict.fromkeys(exporting.PROFILES["press"], "")

    def rows():
        for _ in range(2000):
            yield columns | {"name": "Zola Dlamini"}
        os.kill(os.getpid(), signal.SIGKILL)

    if not (child := os.fork()):
        sheets.to_xlsx(rows(), (tmp_path / "list").open("wb"), profile="press")
    os.waitpid(child, 0)
    (left,) = tmp_path.glob(f"{sheets.PREFIX}*")
    assert any(b"Zola" in file.read_bytes() for file in left.iterdir())
    assert sheets.sweep() == 0
    with sheets._directory() as held:
        for directory in (left, held):
            os.utime(directory, (time.time() - 3600,) * 2)
        assert sheets.sweep() == 1
        assert Path(held).exists() and not left.exists()
