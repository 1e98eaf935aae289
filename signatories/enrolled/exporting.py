"""Rows by profile: who of a letter's signatories may be told to whom, and safe to open in a spreadsheet.

Profiles are lists of what is allowed. There is no column for an e-mail address, and what a signer keeps
from a profile's readers is not in its rows at all.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, TruncDate

from letters.models import Letter, Recipient, Version
from logos.models import Logo
from organisations.models import Organisation
from signatories.enrolled.ordering import Ordered
from signatories.models import Entry, Kind, Signature, Visibility
from signatories.models.signatures import STANDING
from vault.fields import SealedTextField
from vault.moments import one_moment

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
COUNTED, ORGANISATION = Visibility.COUNTED.value, Kind.ORGANISATION.value
GONE = "gone"  # still on the roll, but withdrawn, held or rejected since it was last settled
STATE = "enrolled"  # nothing else is ever exported
# Spreadsheets take these for the beginning of a formula, also after what one cannot see
FORMULA = re.compile(r"^[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@|%＝＋－＠\t\r\n]")

CHUNK = 2000  # rows that come from the database at once
IS_STANDING = Q(**{f"signature__{moment}": value for moment, value in STANDING.items()})
IS_ERASED = Q(signature__erased_at__isnull=False)
OF_ALL = ("index", "leaf", "is_standing", "signature__visibility", "signature__kind", "is_verified", "logo")
SEALED = ("name", "organisation_name", "role", "affiliation")
LISTED = (
    "signature__listing__name", "signature__listing__role", "signature__listing__affiliation",
    "signature__listing__country",
)  # fmt: skip


class Line(NamedTuple):
    """One living line of the roll, with what its signer lets at least one office know.

    Lines are kept as they were frozen, so what is told anew comes last and has a default.
    """

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
    verified: bool = False  # whether the organisation has the badge
    logo: str = ""  # where readers find the organisation's logo; of what is frozen, its SHA-256


class NotItsLetter(ValueError):
    """The recipient is not one of those this letter is addressed to."""


class Wanted(NamedTuple):
    """Whose lines are asked for: whom a profile's readers may know, and of these only some (days in UTC)."""

    profile: str
    kind: str = ""
    country: str = ""
    since: date | None = None
    until: date | None = None
    type: str = ""  # of organisation


def lines(version: Version, wanted: Wanted | None = None) -> Iterator[Line]:
    """The living lines of a version's roll at one moment, organisations first, then by name.

    Those that are wanted, or all, and then with the badges that the public list shows: of who is counted
    only, or gone since, nothing is told but the kind and the leaf.
    """
    entries = _wanted(version, wanted) if wanted else _living(version)
    has_days = wanted is not None and "day" in PROFILES[wanted.profile]
    with one_moment():
        ordered = Ordered(
            _read(entries, has_days=has_days, has_badges=not wanted), key=order, make=Line._make
        )
    yield from ordered


def sample(version: Version, wanted: Wanted, *, entries: int = 200) -> list[Line]:
    """What `lines` says of the first entries of the roll: enough to see what a list will look like."""
    first = _living(version).order_by("index").values("pk")[:entries]
    lines = _read(_wanted(version, wanted).filter(pk__in=first), has_days="day" in PROFILES[wanted.profile])
    return sorted(lines, key=order)


def count(version: Version, wanted: Wanted) -> int:
    """How many lines are wanted."""
    return _wanted(version, wanted).count()


def still_shown(version: Version, *, profile: str) -> "Indexes":
    """The lines of the roll, by index, that the profile's readers may know at this moment."""
    shown = _wanted(version, Wanted(profile)).values_list("index", flat=True)
    return Indexes(shown.iterator(chunk_size=CHUNK))


class Indexes:
    """Some lines of a roll by their index, a byte each."""

    def __init__(self, indexes: Iterable[int]) -> None:
        self._marks = bytearray()
        for index in indexes:
            if index >= len(self._marks):
                self._marks.extend(bytes(index + CHUNK - len(self._marks)))
            self._marks[index] = True

    def __contains__(self, index: int) -> bool:
        return index < len(self._marks) and bool(self._marks[index])


def _living(version: Version) -> QuerySet[Entry]:
    return Entry.objects.filter(version=version, left_by=None, signature__isnull=False).order_by()


def _wanted(version: Version, wanted: Wanted) -> QuerySet[Entry]:
    found = _living(version).filter(IS_STANDING, signature__visibility__in=SHOWN_TO[wanted.profile])
    found = found.exclude(IS_ERASED & ~Q(signature__visibility=Visibility.PUBLIC))
    if wanted.kind:
        found = found.filter(signature__kind=wanted.kind)
    if wanted.type:
        found = found.filter(signature__organisation__type=wanted.type)
    if wanted.country:
        is_listed_there = IS_ERASED & Q(signature__listing__country=wanted.country)
        found = found.filter(Q(signature__country=wanted.country) | is_listed_there)
    if wanted.since or wanted.until:
        found = found.exclude(IS_ERASED)  # of whom nobody knows the day any more
    if wanted.since:
        found = found.filter(signature__confirmed_at__gte=_beginning_of(wanted.since))
    if wanted.until:
        found = found.filter(signature__confirmed_at__lt=_beginning_of(wanted.until) + timedelta(days=1))
    return found


def _beginning_of(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def order(line: Line) -> str:
    """Organisations before persons, each by name; what has no name by its leaf, which tells no order.

    One text, which is compared faster than three: no name holds the character of number 0.
    """
    return f"{line.kind != ORGANISATION:d}{line.name.casefold()}\0{line.leaf}"


def _read(entries: QuerySet[Entry], *, has_days: bool = False, has_badges: bool = False) -> Iterator[Line]:
    """The entries as lines, in no order. Of who is erased the list alone knows the name."""
    entries = entries.annotate(
        is_standing=ExpressionWrapper(IS_STANDING, BooleanField()),
        is_verified=_is_verified() if has_badges else Value(False, output_field=BooleanField()),
        logo=_logo() if has_badges else Value("", output_field=TextField()),
    )
    yield from _sealed_lines(entries.exclude(IS_ERASED), has_days=has_days)
    erased = entries.filter(IS_ERASED).values_list(*OF_ALL, *LISTED)
    for index, leaf, is_standing, visibility, kind, is_verified, *texts in erased.iterator(chunk_size=CHUNK):
        logo, name, role, affiliation, country = (text or "" for text in texts)
        told = name if visibility == Visibility.PUBLIC else "", role, affiliation, country
        yield _line(index, leaf, is_standing, visibility, kind, *told, verified=is_verified, logo=logo)


def _is_verified() -> Case:
    """Whether an entry's organisation has the badge: the rule of the public list."""
    verified = Organisation.objects.verified().filter(pk=OuterRef("signature__organisation"))
    return Case(When(signature__kind=ORGANISATION, then=Exists(verified)), default=Value(False))


def _logo() -> Case:
    """Where readers see the logo of an entry's organisation, by the rule of the public list; else nothing."""
    shown = Logo.objects.shown().filter(organisation=OuterRef("signature__organisation")).values("name")[:1]
    is_listed = Q(signature__kind=ORGANISATION, signature__visibility=Visibility.PUBLIC)
    return Case(When(is_listed, then=Subquery(shown)), default=Value(""), output_field=TextField())


def _sealed_lines(entries: QuerySet[Entry], *, has_days: bool) -> Iterator[Line]:
    """Lines of who is not erased; of a million of them each step here is felt."""
    sealed = {field.name: field for field in Signature._meta.fields if isinstance(field, SealedTextField)}
    fields = [sealed[name] for name in SEALED]
    texts = [field.as_sealed(f"signature__{field.name}") for field in fields]
    day = Cast(TruncDate("signature__confirmed_at", tzinfo=UTC), TextField()) if has_days else Value("")
    rows = entries.values_list(*OF_ALL, "signature__country", day, *texts)
    name_of, organisation_of, role_of, affiliation_of = (field.opener() for field in fields)
    for row in rows.iterator(chunk_size=CHUNK):
        (
            index, leaf, is_standing, visibility, kind, is_verified, logo, country, day,
            name, organisation, role, affiliation,
        ) = row  # fmt: skip
        if kind == ORGANISATION:
            told = organisation_of(organisation), "", "", country, day
        else:
            told = name_of(name), role_of(role), affiliation_of(affiliation), country, day
        yield _line(index, leaf, is_standing, visibility, kind, *told, verified=is_verified, logo=logo)


def _line(
    index: int, leaf: str, is_standing: bool, visibility: str, kind: str, name: str, role: str,
    affiliation: str, country: str, day: str = "", *, verified: bool, logo: str | None,
) -> Line:  # fmt: skip
    if not is_standing:
        return Line(index, leaf, GONE, kind)
    if visibility == COUNTED or not name:
        return Line(index, leaf, COUNTED, kind)
    organisation = name if kind == ORGANISATION else ""
    told = name, organisation, role, affiliation, country, day, bool(verified), logo or ""
    return Line(index, leaf, visibility, kind, *told)


def rows(letter: Letter, *, profile: str, recipient: Recipient | None = None) -> Iterator[dict[str, Any]]:
    """The letter's signatories as one profile may know them, numbered from 1.

    For the government profile: who signed the version that names the recipient (default: the
    current version). Raises NotItsLetter.
    """
    if recipient is not None and recipient.version.letter_id != letter.pk:
        raise NotItsLetter(recipient)
    version = recipient.version if recipient else letter.current
    if version is not None:
        yield from numbered(lines(version, Wanted(profile)), version=version, profile=profile)


def numbered(lines: Iterable[Line], *, version: Version, profile: str) -> Iterator[dict[str, Any]]:
    """The lines that the profile's readers may know as its columns, numbered from 1."""
    columns, shown_to = PROFILES[profile], SHOWN_TO[profile]
    of_all = ("number", "version", "state", *Line._fields)
    pick = itemgetter(*map(of_all.index, columns))
    shown = (line for line in lines if line.visibility in shown_to)
    for number, line in enumerate(shown, start=1):
        yield dict(zip(columns, pick((number, version.text_hash, STATE, *line)), strict=True))


def harmless(text: str) -> str:
    """The text as a spreadsheet shows it, and never runs it: an apostrophe before what starts a formula."""
    if not text or text[0].isalnum():  # as nearly all are, and asked faster
        return text
    return f"'{text}" if FORMULA.match(text) else text
