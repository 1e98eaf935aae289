"""The file that an export is taken out as, made of its lines whenever it is needed."""

import hashlib
import tempfile
from collections.abc import Iterable
from typing import IO

from exports import printing
from exports.models import Export, Format
from signatories.enrolled import exporting, sheets, writing
from signatories.enrolled.exporting import Line

WRITE = {
    Format.CSV: writing.to_csv,
    Format.XLSX: sheets.to_xlsx,
    Format.JSON: writing.to_json,
    Format.PDF: printing.to_pdf,
}
MOST = {Format.XLSX: sheets.MOST, Format.PDF: printing.MOST}  # rows; the others hold any number


def has_room(form: str, rows: int) -> bool:
    """Whether a file of this format holds so many rows."""
    return rows <= MOST.get(Format(form), rows)


def to_file(export: Export, lines: Iterable[Line]) -> IO[bytes]:
    """The export's file with these lines, under no name on disk; the same lines give the same bytes."""
    rows = exporting.numbered(lines, version=export.version, profile=export.profile)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever asked for it closes it
    WRITE[Format(export.format)](rows, file, profile=export.profile, name=export.name)
    return file


def sha256(file: IO[bytes]) -> str:
    """The hash of the whole file, which then stands at its beginning."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    return digest
