"""A dossier's names in volumes: what one paper can hold, and what a further one says of itself."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from deliveries.dossiers import editions
from deliveries.dossiers.editions import Edition

ATTACHMENT = "undersigned-dossier.json"
SCHEMA = "undersigned-dossier.schema.json"
NOTE = "undersigned-volume.json"
STATEMENT = "undersigned-certificate.json"
FORMAT = "undersigned-volume-1"
VOLUME = 20_000  # names: some 250 pages
SHA256 = re.compile(r"[0-9a-f]{64}")


class Volume(NamedTuple):
    """A run of an edition's list; the first of the volumes holds the letter besides."""

    number: int
    total: int
    signatories: list[dict[str, Any]]

    @property
    def is_first(self) -> bool:
        return self.number == 1


def number_of(named: int) -> int:
    """In how many volumes so many names come."""
    return max(1, -(-named // VOLUME))


def volumes(edition: Edition) -> Iterator[Volume]:
    """The edition's list in volumes; one, if need be an empty one, at least."""
    named = edition["signatories"]
    total = number_of(len(named))
    for number in range(1, total + 1):
        yield Volume(number, total, named[(number - 1) * VOLUME : number * VOLUME])


def note(edition: Edition, volume: Volume, *, list_hash: str) -> str:
    """What a further volume holds for machines: whose it is, which names it has, and the list's SHA-256."""
    told = {
        "format": FORMAT,
        "site": edition["site"],
        "letter": edition["letter"],
        "version": edition["version"],
        "edition": edition["edition"],
        "taken_at": edition["taken_at"],
        "volume": volume.number,
        "volumes": volume.total,
        "first": volume.signatories[0]["number"],
        "last": volume.signatories[-1]["number"],
        "list": list_hash,
    }
    return editions.text(told)


def read_note(content: bytes) -> dict[str, Any] | None:
    """What a further volume says of itself; None if it is something else that is inside.

    Raises KeyError, TypeError or ValueError where it is a note that none of our volumes has.
    """
    try:
        told = json.loads(content)
        is_note = told["format"] == FORMAT
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return _checked(told) if is_note else None


def _checked(told: dict[str, Any]) -> dict[str, Any]:
    numbers = [told[name] for name in ("volume", "volumes", "first", "last")]
    if any(type(number) is not int for number in numbers) or not SHA256.fullmatch(told["list"]):
        raise ValueError("a volume's note says what none says")
    volume, volumes, first, last = numbers
    if not (1 < volume <= volumes and 0 < first <= last):
        raise ValueError("a volume's note counts as none does")
    return told


def named(slug: str, papers: Iterable[bytes]) -> dict[str, bytes]:
    """The volumes of a letter's paper by what each is called as a file, in their order."""
    return {file_name(slug, number): paper for number, paper in enumerate(papers, start=1)}


def file_name(slug: str, number: int) -> str:
    """What a volume is called as a file, by its number from 1."""
    return f"{slug}.pdf" if number == 1 else f"{slug}-{number}.pdf"


def taken_at(edition: Edition) -> datetime:
    """The moment at which the edition was frozen (UTC)."""
    return datetime.strptime(edition["taken_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
