"""The editions of a dossier: what is frozen of a letter, as JSON that anybody can check.

There are two. Both have the same text, count, roll and tree head. The *public* edition names who is
shown to everyone; the one that is *sent* names also who is shown to the governments. Whoever is not named
stands there as a leaf of the roll. A name stands without its leaf: otherwise the roll, which everyone
can read, would tell later who of the named has withdrawn.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from deliveries.models import Dossier
from letters import correcting, publishing
from letters.models import Letter, Version
from signatories.enrolled import roll
from signatories.enrolled.exporting import GONE, PROFILES, Line, order
from signatories.models import Kind, Visibility

FORMAT = "undersigned-dossier-1"
PUBLIC, SENT = "public", "sent"
NAMED = {PUBLIC: {Visibility.PUBLIC}, SENT: {Visibility.PUBLIC, Visibility.RECIPIENT}}
OF_THE_LIST = ("edition", "count", "total", "signatories", "unnamed", "left", "seal")

Edition = dict[str, Any]


def frame(
    version: Version, *, head: dict[str, Any], taken_at: datetime, lines: Sequence[str],
    logos: Mapping[int, str],
) -> Edition:  # fmt: skip
    """What both editions share: text, recipients, authors, roll and its signed head (times in UTC).

    `logos` says by which words the authors' logos are known, by the author's number.
    """
    letter = version.letter
    is_present = letter.current_id == version.pk
    texts = sorted(version.translations.prefetch_related("corrections"), key=lambda text: text.language)
    slips = [
        {"language": text.language, "before": slip.before, "after": slip.after}
        for text in texts
        for slip in correcting.slips_of(text)
    ]
    return {
        "format": FORMAT,
        "site": settings.SITE_URL,
        "letter": letter.slug,
        "version": version.number,
        **({} if is_present or letter.current is None else {"changed_since": letter.current.number}),
        "risk": letter.risk,
        "text": version.text_hash,
        "taken_at": moment(taken_at),
        "original": letter.original_language,
        "texts": [{**publishing.text_of(text), "hash": text.text_hash} for text in texts],
        **({"corrections": slips} if slips else {}),
        "recipients": [publishing.office_of(recipient) for recipient in version.recipients.all()],
        "authors": [
            {"name": author.name, "website": author.website} | _logo(logos.get(author.pk, ""))
            for author in letter.authors.all()
        ],
        "head": head,
        "roll": list(lines),
    }


def _logo(digest: str) -> dict[str, str]:
    return {"logo": digest} if digest else {}


def supplement(after: Dossier | None, *, again: Sequence[str] = ()) -> Edition:
    """What a supplement's frame says besides: its number, and the part that it comes after.

    `again` are the leaves of who was told in that part, and has corrected the name since.
    """
    if after is None:
        return {}
    earlier = {"size": after.size, "root": after.root, "taken_at": moment(after.taken_at)}
    told = {"number": after.part + 1, "after": earlier}
    return {"supplement": told | ({"again": sorted(again)} if again else {})}


def listed(frame: Edition, lines: Sequence[Line]) -> list[Line]:
    """The lines that the list of this frame is about: all, or who joined since the part before."""
    told = frame.get("supplement", {})
    since, again = told.get("after", {}).get("size", 0), set(told.get("again", ()))
    return [line for line in lines if line.line >= since and line.leaf not in again]


def frame_of(edition: Edition) -> Edition:
    """The frame of an edition that was built before."""
    return {name: value for name, value in edition.items() if name not in OF_THE_LIST}


def build(frame: Edition, lines: Sequence[Line], *, edition: str) -> Edition:
    """One edition of the frame and the lines of the list, sealed by the site's own key."""
    living = [line for line in lines if line.visibility != GONE]
    standing = sorted(listed(frame, living), key=order)
    named = [line for line in standing if line.visibility in NAMED[edition]]
    built = frame | {
        "edition": edition,
        "count": _count(standing, is_split=frame.get("risk") != Letter.Risk.AT_RISK),
        "signatories": [_told(number, line) for number, line in enumerate(named, start=1)],
        "unnamed": sorted(line.leaf for line in standing if line.visibility not in NAMED[edition]),
        "left": sorted(line.leaf for line in lines if line.visibility == GONE),
        **({"total": len(living)} if "supplement" in frame else {}),
    }
    return built | {"seal": _seal(built)}


def _count(standing: Sequence[Line], *, is_split: bool) -> dict[str, int]:
    """How many stand under the letter; at risk, all together, since a group may be small."""
    together = {"signatures": len(standing)}
    organisations = organisations_of(standing)
    split = {"persons": len(standing) - organisations, "organisations": organisations}
    return together | split if is_split else together


def organisations_of(lines: Sequence[Line]) -> int:
    """How many organisations stand among the lines."""
    return sum(line.kind == Kind.ORGANISATION for line in lines if line.visibility != GONE)


def _told(number: int, line: Line) -> dict[str, Any]:
    """What is told of who is named: the columns of the profile, and badge and logo of who had them."""
    known = line._asdict() | {"number": number}
    told = {column: known[column] for column in PROFILES["government"]}
    return told | ({"verified": True} if line.verified else {}) | _logo(line.logo)


def _seal(edition: Edition) -> dict[str, Any]:
    """The site's Ed25519 signature over the whole edition; it says what it is, so that nothing else fits."""
    seal = {
        "dossier": digest(edition),
        "edition": edition["edition"],
        "letter": edition["letter"],
        "key": roll.public_key(),
    }
    return seal | {"signature": roll.sign_head(seal)}


def digest(edition: Edition) -> str:
    """SHA-256, in hex, of the edition without its seal, as canonical JSON."""
    return sha256(publishing.canonical({name: value for name, value in edition.items() if name != "seal"}))


def text(edition: Edition) -> str:
    """The edition as the file that is published, attached and hashed."""
    return publishing.canonical(edition).decode()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def moment(at: datetime) -> str:
    """A moment as all our papers write it: UTC, to the second."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
