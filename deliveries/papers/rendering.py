"""The dossier as paper: a tagged PDF with its list inside for machines, and further volumes of names.

The same edition gives the same bytes: nothing of this machine, this moment or this user is in them.
"""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from deliveries.dossiers import editions, parting, picturing
from deliveries.dossiers.editions import Edition
from deliveries.dossiers.parting import ATTACHMENT, Volume
from deliveries.papers import lettering, phrasing, typesetting
from deliveries.papers.lettering import Glyphs
from letters import countries
from letters.models import Recipient
from signatories.models import Kind

PAPER = typesetting.SOURCES / "dossier.typ"
SCHEMA = PAPER.with_name("dossier.schema.json")
STANDARDS = ["ua-1", "a-3a"]
APART = 2000  # names, above which a process of its own sets the paper and gives its memory back
LEGIBLE = 1.5  # how much longer numbers in the place of letters may make a text
DETAILS = ("role", "affiliation")


def render(edition: Edition, *, recipient: Recipient | None = None, volume: int = 1) -> bytes:
    """The edition's paper, or one volume of it, as PDF (PDF/UA-1 and PDF/A-3a by typst's own account).

    Not yet signed. The cover is in the recipient's language if the letter has a translation into it, else
    in English, and addressed to the recipient, if there is one. What no font has a letter for stands in the
    attached list, and the paper says so in its place: see `unprintable`. Raises typesetting.FontsMissing.
    """
    return next(_volumes(edition, recipient, first=volume))


def volumes(edition: Edition, *, recipient: Recipient | None = None) -> list[bytes]:
    """The paper in as many volumes as its names fill, `parting.VOLUME` each, as `render` makes the first.

    The list is attached to the first alone; each names the list's hash, and holds a note of what it is.
    """
    return list(_volumes(edition, recipient))


def _volumes(edition: Edition, recipient: Recipient | None, *, first: int = 1) -> Iterator[bytes]:
    text = editions.text(edition)
    list_hash = editions.sha256(text.encode())
    glyphs = Glyphs(_words(edition, recipient))
    logos = picturing.contents(edition)
    for volume in islice(parting.volumes(edition), first - 1, None):
        inside = text if volume.is_first else parting.note(edition, volume, list_hash=list_hash)
        paper = _paper(
            edition, volume, recipient=recipient, list_hash=list_hash, glyphs=glyphs, logos=logos.keys()
        )
        is_long = len(volume.signatories) > APART
        set_it = typesetting.typeset_apart if is_long else typesetting.typeset
        with typesetting.folder_of(logos, {"inside": inside, "schema": SCHEMA.read_text()}) as files:
            content = set_it(
                PAPER, paper, at=parting.taken_at(edition), files=files,
                folder=settings.PAPER_FONTS, format="pdf", pdf_standards=STANDARDS,
            )  # fmt: skip
        yield content


def pictures(edition: Edition, *, recipient: Recipient | None = None, ppi: float = 96) -> list[bytes]:
    """The pages of the paper, or of its first volume, as PNG, for looking at."""
    text = editions.text(edition)
    volume = next(parting.volumes(edition))
    glyphs = Glyphs(_words(edition, recipient))
    list_hash = editions.sha256(text.encode())
    logos = picturing.contents(edition)
    paper = _paper(
        edition, volume, recipient=recipient, list_hash=list_hash, glyphs=glyphs, logos=logos.keys()
    )
    with typesetting.folder_of(logos, {"inside": text, "schema": SCHEMA.read_text()}) as files:
        pages = typesetting.typeset(
            PAPER, paper, at=parting.taken_at(edition), files=files,
            folder=settings.PAPER_FONTS, format="png", ppi=ppi,
        )  # fmt: skip
    return [pages] if isinstance(pages, bytes) else list(pages)


def unprintable(edition: Edition, *, recipient: Recipient | None = None) -> list[str]:
    """What the paper cannot show as it is written, since no font of ours has a letter of it.

    Whoever releases the paper is told first: PAPER_FONTS may name a folder of fonts that have them. It is
    in the attached list all the same. Raises typesetting.FontsMissing.
    """
    words = list(dict.fromkeys(_words(edition, recipient)))
    glyphs = Glyphs(words)
    return [word for word in words if not glyphs.show(word)]


def _words(edition: Edition, recipient: Recipient | None) -> Iterator[str]:
    """Everything in the paper that people wrote, piece by piece."""
    yield from _addressee(recipient)
    for author in edition["authors"]:
        yield author["name"]
    for text in edition["texts"]:
        yield text["title"]
        yield from text["body"].split("\n")
    for slip in edition.get("corrections", []):
        yield from (slip["before"], slip["after"])
    for one in edition["signatories"]:
        yield one["name"]
        yield from (one[detail] for detail in DETAILS)


def _paper(
    edition: Edition, volume: Volume, *, recipient: Recipient | None, list_hash: str, glyphs: Glyphs,
    logos: Collection[str],
) -> dict[str, Any]:  # fmt: skip
    """Everything that one volume says; `logos` are those that are here, by their SHA-256."""
    language = _language(edition, recipient)
    with translation.override(language):
        texts = _texts(edition, language, glyphs)
        title = texts[0]["title"]
        paper = {
            "title": title,
            "authors": [author["name"] for author in edition["authors"]],
            "date": _day(edition),
            "cover": lettering.direction(language),
            "page": f"{edition['site']}/letters/{edition['letter']}/",
            "urdu": [lettering.NASTALIQ] if lettering.has_nastaliq() else [],
            "volume": volume.number,
            "labels": phrasing.labels(edition, title, volume),
            "footing_hash": f"SHA-256 {list_hash}",
            "organisations": _signatories(volume, glyphs, organisations=True, logos=logos),
            "persons": _signatories(volume, glyphs, organisations=False, logos=logos),
            "attachment": _attachment(volume),
            "schema": _schema() if volume.is_first else None,
        }
        if volume.is_first:
            paper |= _opening(edition, texts, recipient, list_hash, glyphs)
            paper |= {"letterhead": _letterhead(edition, glyphs, logos)}
        return paper


def _opening(
    edition: Edition, texts: list[dict[str, Any]], recipient: Recipient | None, list_hash: str, glyphs: Glyphs
) -> dict[str, Any]:
    """Cover and letter, which the first volume has."""
    addressee = [glyphs.coded(line) for line in _addressee(recipient)]
    return {
        "addressee": [lettering.spoken(line) | {"text": line} for line in addressee],
        "counts": phrasing.counts(edition),
        "hashes": phrasing.hashes(edition, list_hash),
        "texts": texts,
    }


def _letterhead(edition: Edition, glyphs: Glyphs, logos: Collection[str]) -> list[dict[str, str]]:
    """Who wrote the letter, each with the SHA-256 of a logo, or "" without one."""
    return [
        lettering.spoken(author["name"])
        | {"name": glyphs.coded(author["name"]), "website": author["website"], "whose": author["name"]}
        | {"logo": author["logo"] if author.get("logo") in logos else ""}
        for author in edition["authors"]
    ]


def _day(edition: Edition) -> dict[str, int]:
    taken_at = parting.taken_at(edition)
    return {"year": taken_at.year, "month": taken_at.month, "day": taken_at.day}


def _language(edition: Edition, recipient: Recipient | None) -> str:
    wanted = recipient.language if recipient else edition["original"]
    known = {text["language"] for text in edition["texts"]} & set(dict(settings.LANGUAGES))
    return wanted if wanted in known else "en"


def _attachment(volume: Volume) -> dict[str, str]:
    if volume.is_first:
        return {"name": ATTACHMENT, "description": _("Text, list and roll, for checking by machine")}
    return {"name": parting.NOTE, "description": _("What this volume is, for checking by machine")}


def _schema() -> dict[str, str]:
    return {
        "name": parting.SCHEMA,
        "description": _("The form of the list, for those who read it by machine"),
    }


def _addressee(recipient: Recipient | None) -> list[str]:
    if recipient is None:
        return []
    country = countries.name(recipient.country) if recipient.country else ""
    return [line for line in (recipient.person, recipient.office, country) if line]


def _texts(edition: Edition, language: str, glyphs: Glyphs) -> list[dict[str, Any]]:
    """The letter in the cover's language first, then the original, then the others."""
    original = edition["original"]

    def place(text: dict[str, str]) -> tuple[bool, bool, str]:
        return text["language"] != language, text["language"] != original, text["language"]

    return [
        lettering.direction(text["language"])
        | {
            "title": glyphs.coded(text["title"]),
            "label": phrasing.provenance(text["language"], original),
            **_body(text, glyphs),
            "hash": text["hash"],
            "hash_label": _("SHA-256 of this text"),
            "slips": [glyphs.coded(slip) for slip in phrasing.slips(edition, text["language"])],
        }
        for text in sorted(edition["texts"], key=place)
    ]


def _body(text: dict[str, str], glyphs: Glyphs) -> dict[str, Any]:
    """The text as a tree, and what has to be said of letters without type."""
    body = text["body"]
    if len(glyphs.coded(body)) > LEGIBLE * len(body):
        return {
            "body": [],
            "coded": _("There is no type for this text’s script. It is in the attached list."),
        }
    is_whole = glyphs.show(body) and glyphs.show(text["title"])
    said = _("A letter without type stands as its number in Unicode. The attached list has the text itself.")
    return {"body": lettering.tree(body, glyphs.coded), "coded": "" if is_whole else said}


def _signatories(
    volume: Volume, glyphs: Glyphs, *, organisations: bool, logos: Collection[str]
) -> list[list[Any]]:
    """A row for each: number, name, its language if it runs from the right, details, theirs likewise.

    That of an organisation says besides whether it is verified, and the SHA-256 of its logo, or "", and
    whose that is.
    """
    elsewhere, listed = _("(in the attached list)"), _("(name in the attached list: no type for its script)")
    comma = "، " if translation.get_language_bidi() else ", "
    kind = str(Kind.ORGANISATION)
    country = {code: countries.name(code) for code in {one["country"] for one in volume.signatories} if code}
    rows: list[list[Any]] = []
    for one in volume.signatories:
        if (one["kind"] == kind) != organisations:
            continue
        name = one["name"] if glyphs.show(one["name"]) else listed
        told = [one[field] if glyphs.show(one[field]) else elsewhere for field in DETAILS if one[field]]
        details = [*told, country[one["country"]]] if one["country"] else told
        line = lettering.joined(details, comma)
        row: list[Any] = [str(one["number"]), name, lettering.runs(name), line, lettering.runs(line)]
        if organisations:
            row += ["verified" in one, one["logo"] if one.get("logo") in logos else "", one["name"]]
        rows.append(row)
    return rows
