"""Lists as people have them: any separator, a heading or none, UTF-8 or what older spreadsheets write.

Each line is read by itself, so that an open quotation mark spoils no other.
"""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import django.conf.locale
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from letters import countries
from letters.languages import html_language
from organisations import recognising
from scrutiny import addresses, naming
from signatories.enrolled.exporting import FORMULA
from vault.indexing import address_index

MOST_LINES = 1000
COLUMNS = ("name", "email", "language", "country")
WITH_EVIDENCE = ("name", "email", "evidence", "language", "country")
LONGEST_EVIDENCE = 300
SEPARATORS = ";\t,"
ADDRESS = re.compile(r"[^\s,;]+@[^\s,;]+")  # only whether it could be one: scrutiny.addresses looks closer
# What people write above a column; spaces, hyphens and capitals do not matter
HEADINGS = {
    "name": "name", "organisation": "name", "organization": "name",
    "email": "email", "mail": "email", "emailaddress": "email", "address": "email",
    "language": "language", "lang": "language", "country": "country",
    "evidence": "evidence", "agreed": "evidence", "howitagreed": "evidence",
}  # fmt: skip


class TooLong(ValueError):
    """More lines than one list may have."""


@dataclass(frozen=True)
class Row:
    """One organisation of a list, well formed; `text` is the line as it was written."""

    line: int
    text: str
    name: str
    email: str
    language: str
    country: str
    evidence: str | None = None

    @property
    def address(self) -> str:
        return address_index(self.email)

    @property
    def name_key(self) -> str | None:
        """By what a founder's name is told from others'."""
        return None if self.evidence is None else recognising.index(self.name)


@dataclass(frozen=True)
class Wrong:
    """A line that cannot be used as it stands, and every reason in words."""

    line: int
    text: str
    reasons: list[str]


@dataclass
class Found:
    """What stands in a list."""

    rows: list[Row] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def decode(content: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 by its mark, else UTF-8, else Windows' Latin letters."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read(text: str, *, language: str, with_evidence: bool = False) -> Found:
    """The organisations of a list, and the lines that name none; `language` is for those that name none.

    Columns are name, e-mail, language and country, unless a heading says otherwise. `with_evidence`: how each
    has agreed comes third, and has to be there. Raises TooLong.
    """
    lines = [
        (number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip(" ;,\t\ufeff")
    ]
    if len(lines) > MOST_LINES + 1:
        raise TooLong(len(lines))
    found, seen = Found(), dict[str, int]()
    columns: tuple[str, ...] = WITH_EVIDENCE if with_evidence else COLUMNS
    cleaners = _cleaners(language, with_evidence=with_evidence)
    separator = _separator(line for _number, line in lines[:5])
    for place, (number, line) in enumerate(lines):
        cells = _cells(line, separator)
        if place == 0 and (heading := _heading(cells)):
            columns = heading
            continue
        row = _row(number, line, dict(zip(columns, cells, strict=False)), cleaners)
        if isinstance(row, Row) and (before := seen.setdefault(row.address, number)) != number:
            row = Wrong(number, line, [_("This address stands in line %(line)s already.") % {"line": before}])
        if isinstance(row, Row):
            found.rows.append(row)
        else:
            found.wrong.append(row)
    if len(found.rows) + len(found.wrong) > MOST_LINES:
        raise TooLong(len(lines))
    return found


def _separator(lines: Iterator[str]) -> str:
    """What stands between cells: what the first lines have most of; of equals the one that is no comma."""
    text = "".join(lines)
    return max(SEPARATORS, key=text.count)


def _cells(line: str, separator: str) -> list[str]:
    try:
        return [cell.strip(" \u00a0\ufeff") for cell in next(csv.reader([line], delimiter=separator))]
    except (csv.Error, StopIteration):
        return [line]


def _heading(cells: list[str]) -> tuple[str, ...]:
    """Which column each cell of a heading stands for; nothing if the line is an organisation's."""
    names = tuple(
        HEADINGS.get("".join(filter(str.isalpha, cell.casefold())), f"unknown {place}")
        for place, cell in enumerate(cells)
    )
    return names if {"name", "email"} <= set(names) else ()


def _cleaners(language: str, *, with_evidence: bool) -> dict[str, Callable[[str], str]]:
    """What makes each column well formed, or says what is wrong with it."""
    cleaners: dict[str, Callable[[str], str]] = {
        "name": naming.clean_organisation,
        "email": addresses.clean_email,
        "language": lambda text: _language(text) if text else language,
        "country": _country,
    }
    return cleaners | {"evidence": _evidence} if with_evidence else cleaners


def _row(
    number: int, line: str, cells: dict[str, str], cleaners: dict[str, Callable[[str], str]]
) -> Row | Wrong:
    reasons: list[str] = []
    if any(FORMULA.match(cell) for cell in cells.values()):
        reasons.append(_("A cell begins like a formula of a spreadsheet. Please write it as plain text."))
        return Wrong(number, line, reasons)
    if not ADDRESS.fullmatch(found := cells.get("email", "")):
        return Wrong(number, line, [_divided_otherwise(number, found)])
    values = {}
    for column, clean in cleaners.items():
        try:
            values[column] = clean(cells.get(column, ""))
        except ValidationError as error:
            reasons += error.messages
    return Wrong(number, line, reasons) if reasons else Row(number, line, **values)


def _divided_otherwise(number: int, found: str) -> str:
    """What is said of a line whose cells are not where they are looked for, whatever stands between them."""
    return _(
        "In line %(line)s stands “%(found)s” where we look for an e-mail address with an @. Please put the "
        "same sign between all columns, a semicolon or a comma, and quotation marks around cells with it."
    ) % {"line": number, "found": found[:80]}


def _evidence(text: str) -> str:
    if not text:
        raise ValidationError(_("Say how it has agreed: in which role somebody said so, when and how."))
    if len(text) > LONGEST_EVIDENCE:
        raise ValidationError(
            _("How it has agreed takes more than %(most)s letters.") % {"most": LONGEST_EVIDENCE}
        )
    return text


def _language(text: str) -> str:
    try:
        return _languages()[text.casefold()]
    except KeyError:
        known = ", ".join(code for code, _name in settings.LANGUAGES)
        raise ValidationError(
            _("We do not write in the language “%(language)s”. Known are: %(known)s.")
            % {"language": text, "known": known}
        ) from None


@lru_cache(maxsize=1)
def _languages() -> dict[str, str]:
    """Each language by its code, by browsers' code, and by its name in English and in itself."""
    found = {}
    for code, _name in settings.LANGUAGES:
        info = django.conf.locale.LANG_INFO[code]
        for word in (code, html_language(code), info["name"], info["name_local"]):
            found[word.casefold()] = code
    return found


def _country(text: str) -> str:
    if not text or text.upper() in countries.codes():
        return text.upper()
    by_name = {name.casefold(): code for code, name in countries.choices("en")}
    if text.casefold() not in by_name:
        raise ValidationError(
            _("There is no country “%(country)s”. Please use two letters (PK) or its English name.")
            % {"country": text}
        )
    return by_name[text.casefold()]
