"""A list as paper, for those who take it to an office by hand."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from deliveries.papers import lettering, typesetting
from signatories.enrolled.exporting import PROFILES

PAPER = Path(__file__).resolve().parent / "papers" / "list.typ"
MOST = 2000  # rows, some 80 pages: what one still carries, and typst sets in seconds
MADE_AT = datetime(2000, 1, 1, tzinfo=UTC)  # the same rows give the same bytes, whenever they are written
NARROW = {"number", "kind", "country", "state", "day"}  # as wide as what stands in them
HASHES = {"version", "leaf"}
BREAK = 8  # characters of a hash, after which its line may end


def to_pdf(rows: Iterable[dict[str, Any]], file: IO[bytes], *, profile: str, name: str = "") -> None:
    """Write rows as PDF (PDF/UA-1 by typst's own account), a line each with the profile's columns.

    Column names stay English, as in the other formats: a list is one sequence of bytes, whoever asks.
    """
    columns = PROFILES[profile]
    paper = {
        "name": name or profile,
        "columns": columns,
        "widths": [0 if column in NARROW else 2 if column == "name" else 1 for column in columns],
        "rows": [[_cell(column, str(row[column])) for column in columns] for row in rows],
    }
    file.write(typesetting.typeset(PAPER, paper, at=MADE_AT, format="pdf", pdf_standards=["ua-1"]))


def _cell(column: str, text: str) -> dict[str, str]:
    if column in HASHES:
        text = "\u200b".join(text[at : at + BREAK] for at in range(0, len(text), BREAK))
    return lettering.spoken(text) | {"text": lettering.printed(text)}
