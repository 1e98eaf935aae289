"""Rows by profile: who of a letter's signatories may be told to whom, and safe to open in a spreadsheet.

Profiles are lists of what is allowed. There is no column for an e-mail address, and what a signer keeps
from a profile's readers is not in its rows at all.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from letters.models import Letter, Recipient, Version
from signatories.models import Entry, Kind, Listing, Signature, Visibility

PROFILES = {
    "government": ("number", "kind", "name", "organisation", "role", "affiliation", "country"),
    "press": ("number", "kind", "name", "organisation", "role", "affiliation", "country"),
    "archive": (
        "number", "kind", "name", "organisation", "role", "affiliation", "country", "version", "leaf",
    ),
    "internal": (
        "number", "kind", "name", "organisation", "role", "affiliation", "country", "state", "day",
    ),
}  # fmt: skip
SHOWN_TO = {
    "government": {Visibility.PUBLIC, Visibility.RECIPIENT},
    "press": {Visibility.PUBLIC},
    "archive": {Visibility.PUBLIC},
    "internal": {Visibility.PUBLIC, Visibility.RECIPIENT},
}
GONE = "gone"  # still on the roll, but withdrawn, held or rejected since it was last settled
STATE = "enrolled"  # nothing else is ever exported
# Spreadsheets take these for the beginning of a formula, also after what one cannot see
FORMULA = re.compile(r"^[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@|%＝＋－＠\t\r\n]")


class Line(NamedTuple):
    """One living line of the roll, with what its signer lets at least one office know."""

    line: int
    leaf: str
    visibility: str
    kind: str
    name: str = ""
    organisation: str = ""
    role: str = ""
    affiliation: str = ""
    country: str = ""
    day: str = ""


class NotItsLetter(ValueError):
    """The recipient is not one of those this letter is addressed to."""


def lines(version: Version) -> list[Line]:
    """The living lines of a version's roll, organisations first, then by name.

    Of who is counted only, or gone since, nothing is told but the kind and the leaf.
    """
    listed = _listed_only(version)
    return sorted((_line(entry, listed) for entry in _living(version).iterator(chunk_size=2000)), key=order)


def sample(version: Version, *, entries: int = 200) -> list[Line]:
    """What `lines` says of the first entries of the roll: enough to see what a list will look like."""
    listed = _listed_only(version)
    return sorted((_line(entry, listed) for entry in _living(version).order_by("index")[:entries]), key=order)


def still_shown(version: Version, *, profile: str) -> set[int]:
    """The lines of the roll, by index, that the profile's readers may know at this moment."""
    standing = Signature.objects.standing().filter(version=version, visibility__in=SHOWN_TO[profile])
    living = Entry.objects.filter(version=version, left_by=None, signature__in=standing)
    is_hidden = Q(signature__erased_at__isnull=False) & ~Q(signature__visibility=Visibility.PUBLIC)
    return set(living.exclude(is_hidden).values_list("index", flat=True))


def _living(version: Version) -> QuerySet[Entry]:
    living = Entry.objects.filter(version=version, left_by=None, signature__isnull=False)
    return living.select_related("signature").only(
        "index", "leaf", "signature__kind", "signature__visibility", "signature__name", "signature__role",
        "signature__affiliation", "signature__organisation_name", "signature__country",
        "signature__confirmed_at", "signature__withdrawn_at", "signature__held_at",
        "signature__rejected_at", "signature__erased_at",
    )  # fmt: skip


def _listed_only(version: Version) -> dict[int, Listing]:
    """The public names whose signature is erased: by retention only the list has them."""
    erased = Listing.objects.filter(signature__version=version, signature__erased_at__isnull=False)
    return {listing.signature_id: listing for listing in erased}


def order(line: Line) -> tuple[bool, str, str]:
    """Organisations before persons, each by name; what has no name by its leaf, which tells no order."""
    return line.kind != Kind.ORGANISATION, line.name.casefold(), line.leaf


def _line(entry: Entry, listed: Mapping[int, Listing]) -> Line:
    signature = entry.signature
    assert signature is not None  # noqa: S101 - lines() asks for living lines only
    if not signature.is_standing():
        return Line(entry.index, entry.leaf, GONE, signature.kind)
    if signature.pk in listed and signature.visibility == Visibility.PUBLIC:
        return _listed_line(entry, listed[signature.pk])
    if signature.visibility == Visibility.COUNTED or not signature.shown_name():
        return Line(entry.index, entry.leaf, Visibility.COUNTED.value, signature.kind)
    is_organisation = signature.is_organisation()
    return Line(
        entry.index,
        entry.leaf,
        signature.visibility,
        signature.kind,
        name=str(signature.shown_name() or ""),
        organisation=str(signature.organisation_name or "") if is_organisation else "",
        role="" if is_organisation else str(signature.role or ""),
        affiliation="" if is_organisation else str(signature.affiliation or ""),
        country=signature.country,
        day=signature.confirmed_at.date().isoformat() if signature.confirmed_at else "",
    )


def _listed_line(entry: Entry, listing: Listing) -> Line:
    return Line(
        entry.index,
        entry.leaf,
        Visibility.PUBLIC.value,
        listing.kind,
        name=listing.name,
        organisation=listing.name if listing.kind == Kind.ORGANISATION else "",
        role=listing.role,
        affiliation=listing.affiliation,
        country=listing.country,
    )


def rows(letter: Letter, *, profile: str, recipient: Recipient | None = None) -> Iterator[dict[str, Any]]:
    """The letter's signatories as one profile may know them, numbered from 1.

    For the government profile: who signed the version that names the recipient (default: the
    current version). Raises NotItsLetter.
    """
    if recipient is not None and recipient.version.letter_id != letter.pk:
        raise NotItsLetter(recipient)
    version = recipient.version if recipient else letter.current
    if version is None:
        return
    yield from numbered(lines(version), version=version, profile=profile)


def numbered(lines: Iterable[Line], *, version: Version, profile: str) -> Iterator[dict[str, Any]]:
    """The lines that the profile's readers may know as its columns, numbered from 1."""
    shown = (line for line in lines if line.visibility in SHOWN_TO[profile])
    for number, line in enumerate(shown, start=1):
        known = line._asdict() | {"number": number, "version": version.text_hash, "state": STATE}
        yield {column: known[column] for column in PROFILES[profile]}


def harmless(text: str) -> str:
    """The text as a spreadsheet shows it, and never runs it: an apostrophe before what starts a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def to_csv(rows: Iterable[dict[str, Any]], *, profile: str, name: str = "") -> bytes:
    """Rows as CSV, with the profile's columns; the `name` of the list, if it has one, in a last line."""
    columns = PROFILES[profile]
    foot = [[name, *[""] * (len(columns) - 1)]] if name else []
    return table_to_csv(chain([columns], ([row[column] for column in columns] for row in rows), foot))


def table_to_csv(lines: Iterable[Iterable[Any]]) -> bytes:
    """A table as CSV: UTF-8 with a BOM, which spreadsheets need, every cell quoted and disarmed."""
    text = io.StringIO()
    table = csv.writer(text, quoting=csv.QUOTE_ALL)
    table.writerows([harmless(str(cell)) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def to_json(rows: Iterable[dict[str, Any]], *, profile: str, name: str = "") -> bytes:
    """Rows as one JSON list of the profile's columns; with a `name`, as an object that bears it."""
    lines = [{column: row[column] for column in PROFILES[profile]} for row in rows]
    told = {"export": name, "signatories": lines} if name else lines
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
