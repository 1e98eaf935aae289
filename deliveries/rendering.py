"""The dossier as paper: one tagged PDF with its list inside for machines.

The same edition gives the same bytes: nothing of this machine, this moment or this user is in them.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deliveries import editions, lettering, typesetting
from deliveries.editions import Edition
from letters import countries
from letters.models import Recipient
from signatories.models import Kind

PAPER = Path(__file__).resolve().parent / "papers" / "dossier.typ"
ATTACHMENT = "undersigned-dossier.json"
STANDARDS = ["ua-1", "a-3a"]


def render(edition: Edition, *, recipient: Recipient | None = None) -> bytes:
    """The edition's paper as PDF (PDF/UA-1 and PDF/A-3a by typst's own account), not yet signed.

    The cover is in the recipient's language if the letter has a translation into it, else in English,
    and addressed to the recipient, if there is one.
    """
    return _compile(edition, recipient=recipient, format="pdf", pdf_standards=STANDARDS)


def pictures(edition: Edition, *, recipient: Recipient | None = None, ppi: float = 96) -> list[bytes]:
    """The paper's pages as PNG, for looking at."""
    pages = _compile(edition, recipient=recipient, format="png", ppi=ppi)
    return [pages] if isinstance(pages, bytes) else list(pages)


def _compile(edition: Edition, *, recipient: Recipient | None, **options: Any) -> Any:
    text = editions.text(edition)
    language = _language(edition, recipient)
    with translation.override(language):
        paper = _paper(
            edition, language=language, recipient=recipient, file_hash=editions.sha256(text.encode())
        )
    return typesetting.typeset(PAPER, paper, at=_taken_at(edition), inputs={"edition": text}, **options)


def _taken_at(edition: Edition) -> datetime:
    return datetime.strptime(edition["taken_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _language(edition: Edition, recipient: Recipient | None) -> str:
    wanted = recipient.language if recipient else edition["original"]
    known = {text["language"] for text in edition["texts"]} & set(dict(settings.LANGUAGES))
    return wanted if wanted in known else "en"


def _paper(edition: Edition, *, language: str, recipient: Recipient | None, file_hash: str) -> dict[str, Any]:
    """Everything the paper says, in the active language."""
    texts = _texts(edition, language)
    title = texts[0]["title"]
    named = [_signatory(one) for one in edition["signatories"]]
    taken_at = _taken_at(edition)
    return {
        "title": title,
        "authors": [author["name"] for author in edition["authors"]],
        "date": {"year": taken_at.year, "month": taken_at.month, "day": taken_at.day},
        "cover": lettering.direction(language),
        "page": f"{edition['site']}/letters/{edition['letter']}/",
        "comma": "، " if translation.get_language_bidi() else ", ",
        "letterhead": [
            lettering.spoken(author["name"]) | {"name": author["name"], "website": author["website"]}
            for author in edition["authors"]
        ],
        "addressee": [lettering.spoken(line) | {"text": line} for line in _addressee(recipient)],
        "labels": _labels(edition, title, len(named)),
        "counts": _counts(edition),
        "hashes": [
            {"label": _("SHA-256 of the attached list"), "value": file_hash},
            {"label": _("SHA-256 of the text that was signed"), "value": edition["text"]},
            {
                "label": _("Root of the roll, with %(size)s lines") % {"size": edition["head"]["size"]},
                "value": edition["head"]["root"],
            },
        ],
        "footing_hash": f"SHA-256 {file_hash}",
        "texts": texts,
        "organisations": [one for one in named if one["kind"] == Kind.ORGANISATION],
        "persons": [one for one in named if one["kind"] != Kind.ORGANISATION],
        "attachment": {"name": ATTACHMENT, "description": _("Text, list and roll, for checking by machine")},
    }


def _addressee(recipient: Recipient | None) -> list[str]:
    if recipient is None:
        return []
    country = countries.name(recipient.country) if recipient.country else ""
    return [line for line in (recipient.person, recipient.office, country) if line]


def _labels(edition: Edition, title: str, named: int) -> dict[str, Any]:
    count = edition["count"]["signatures"]
    return {
        "title": title,
        "date": date_format(_taken_at(edition), "j F Y"),
        "cover": [
            ngettext(
                "We send you the open letter “%(title)s”, which %(count)s signatory put a name to.",
                "We send you the open letter “%(title)s”, which %(count)s signatories put their names to.",
                count,
            ) % {"title": title, "count": number_format(count, force_grouping=True)},
            _(
                "The letter follows in its original language and in every translation, "
                "and after it those who signed."
            ),
            *_changed_since(edition),
        ],
        "count": _("Who signed"),
        "checking": _("How to check this paper"),
        "how": [
            _(
                "Every signatory confirmed by e-mail; organisations were approved by a person besides. "
                "The number can be recomputed from the public roll, and this file is signed: "
                "any change to it shows."
            ),
            _(
                "The list is attached to this file as %(file)s. The command “verify” of the software "
                "this site runs on checks file, list and roll without a network."
            )
            % {"file": ATTACHMENT},
        ],
        "signatories": _("Signatories"),
        "organisations": _("Organisations"),
        "persons": _("Persons"),
        "list": _list_sentences(edition, named),
        "page_of_letter": _("The letter’s public page:"),
        "footing": _("the attached list has the SHA-256"),
        "page": _("page {page} of {pages}"),
    }  # fmt: skip


def _changed_since(edition: Edition) -> list[str]:
    """What an office must know of a text that was changed: who signed which."""
    if "changed_since" not in edition:
        return []
    numbers = {"number": edition["version"], "present": edition["changed_since"]}
    return [
        _(
            "This is version %(number)s of the letter. Its text has been changed since: it is now version "
            "%(present)s. Who has signed the changed text stands under that one only."
        )
        % numbers
    ]


def _list_sentences(edition: Edition, named: int) -> list[str]:
    unnamed = edition["count"]["signatures"] - named
    sentences = [_("Numbers are the numbers of this list.")]
    if unnamed:
        sentences.append(
            ngettext(
                "%(count)s signatory counts without being named here; the roll holds that line.",
                "%(count)s signatories count without being named here; the roll holds a line for each.",
                unnamed,
            )
            % {"count": number_format(unnamed, force_grouping=True)}
        )
    if edition["left"]:
        sentences.append(
            ngettext(
                "%(count)s signature was taken back after the list was fixed and is not counted.",
                "%(count)s signatures were taken back after the list was fixed and are not counted.",
                len(edition["left"]),
            )
            % {"count": number_format(len(edition["left"]), force_grouping=True)}
        )
    return sentences


def _counts(edition: Edition) -> list[dict[str, str]]:
    count, named = edition["count"], len(edition["signatories"])
    rows = (
        (_("Signatures"), count["signatures"]),
        (_("of organisations"), count.get("organisations")),
        (_("of persons"), count.get("persons")),
        (_("named in this paper"), named),
    )
    return [
        {"label": label, "value": number_format(value, force_grouping=True)}
        for label, value in rows
        if value is not None
    ]


def _texts(edition: Edition, language: str) -> list[dict[str, Any]]:
    """The letter in the cover's language first, then the original, then the others."""
    original = edition["original"]

    def place(text: dict[str, str]) -> tuple[bool, bool, str]:
        return text["language"] != language, text["language"] != original, text["language"]

    return [
        lettering.direction(text["language"])
        | {
            "title": text["title"],
            "label": _provenance(text["language"], original),
            "body": lettering.tree(text["body"]),
            "hash": text["hash"],
            "hash_label": _("SHA-256 of this text"),
            "slips": [
                _("A slip of the pen: “%(before)s” reads “%(after)s”.") % one
                for one in edition.get("corrections", [])
                if one["language"] == text["language"]
            ],
        }
        for text in sorted(edition["texts"], key=place)
    ]


def _provenance(language: str, original: str) -> str:
    if language == original:
        return _("The letter as it was signed")
    return _("Translation of the letter; the text that was signed is in %(language)s") % {
        "language": _language_name(original)
    }


def _language_name(code: str) -> str:
    return str(dict(settings.LANGUAGES).get(code, code))


def _signatory(one: dict[str, Any]) -> dict[str, Any]:
    country = countries.name(one["country"]) if one["country"] else ""
    details = [detail for detail in (one["role"], one["affiliation"], country) if detail]
    name = (
        one["name"]
        if lettering.is_printable(one["name"])
        else _("(name in the attached list: no type for its script)")
    )
    return lettering.spoken(name) | {
        "number": one["number"],
        "kind": one["kind"],
        "name": name,
        "details": [lettering.spoken(detail) | {"text": lettering.printed(detail)} for detail in details],
    }
