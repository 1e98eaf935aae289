"""Reads the demo: a folder of Markdown per letter, letters.toml and signatories.toml."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, kw_only=True)
class Text:
    """A letter in one language; `body` is Markdown."""

    slug: str
    language: str
    title: str
    summary: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Host:
    """The coalition that writes and publishes a letter."""

    name: str
    website: str


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """An office a letter is addressed to. `country` is empty where the country itself is invented."""

    office: str
    address: str
    person: str = ""
    country: str = ""
    language: str = "en"
    channel: str = "email"


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """An organisation that signs. `names` holds its name by language where it has more than one."""

    name: str
    country: str
    website: str
    representative: str
    role: str
    email: str
    names: dict[str, str] = field(default_factory=dict)
    visibility: str = "public"
    language: str = "en"
    confirmed: bool = True
    held: bool = False


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person who signs, in the language they read the letter in. Held: confirmed, waits for a moderator."""

    name: str
    email: str
    country: str
    role: str = ""
    affiliation: str = ""
    visibility: str = "public"
    language: str = "en"
    confirmed: bool = True
    held: bool = False


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A demo letter with all who belong to it; days are counted from the moment of seeding."""

    slug: str
    risk: str
    state: str
    goal: int
    contact: str
    host: Host
    texts: tuple[Text, ...]
    recipients: tuple[Recipient, ...]
    organisations: tuple[Organisation, ...] = ()
    persons: tuple[Person, ...] = ()
    language: str = "en"
    published_days_ago: int | None = None
    closed_days_ago: int | None = None
    delivered: bool = False

    @property
    def original(self) -> Text:
        """The text in the language the letter was written in."""
        return next(text for text in self.texts if text.language == self.language)

    @property
    def translations(self) -> tuple[Text, ...]:
        """Every other text of the letter."""
        return tuple(text for text in self.texts if text.language != self.language)


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody who works at the desk of the demo, in one role under several letters."""

    name: str
    email: str
    role: str
    letters: tuple[str, ...]


def read() -> tuple[Letter, ...]:
    """Every demo letter, in the order in which the home page shows them."""
    signatories = _table("signatories.toml")
    return tuple(
        _letter(slug, facts, signatories.get(slug, {}))
        for slug, facts in _table("letters.toml")["letters"].items()
    )


def read_staff() -> tuple[Member, ...]:
    """Who may sign in at the desk of the demo."""
    staff = _table("letters.toml")["staff"]
    return tuple(Member(**member | {"letters": tuple(member["letters"])}) for member in staff)


def _letter(slug: str, facts: dict[str, Any], signatories: dict[str, Any]) -> Letter:
    facts = facts | {
        "host": Host(**facts["host"]),
        "recipients": tuple(Recipient(**recipient) for recipient in facts["recipients"]),
        "organisations": tuple(Organisation(**one) for one in signatories.get("organisations", [])),
        "persons": tuple(Person(**one) for one in signatories.get("persons", [])),
    }
    return Letter(slug=slug, texts=tuple(_texts(slug)), **facts)


def _texts(slug: str) -> Iterator[Text]:
    for path in sorted((HERE / slug).glob("*.md")):
        _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        answers = dict(line.split(": ", 1) for line in front.splitlines())
        yield Text(
            slug=slug,
            language=path.stem,
            title=answers["title"],
            summary=answers["summary"],
            body=body.strip(),
        )


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))
