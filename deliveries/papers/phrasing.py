"""What a dossier's paper says besides the letter and the names, in the active language."""

from typing import Any

from babel.dates import format_date
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from deliveries.dossiers.editions import Edition
from deliveries.dossiers.parting import ATTACHMENT, Volume, taken_at
from letters import countries

DAY = "d MMMM y"


def labels(edition: Edition, title: str, volume: Volume) -> dict[str, Any]:
    """Headings and sentences of one volume."""
    return {
        "title": title,
        "date": _day(edition),
        "cover": _cover(edition, title) if volume.is_first else [],
        "count": _("Who signed"),
        "checking": _("How to check this paper"),
        "how": _how(volume) if volume.is_first else [],
        "signatories": _("Signatories"),
        "organisations": _("Organisations"),
        "persons": _("Persons"),
        "list": _of_the_list(edition, volume),
        "volume": _volume(volume),
        "verified": _("verified"),
        "page_of_letter": _("The letter’s public page:"),
        "footing": _("the attached list has the SHA-256")
        if volume.is_first
        else _("the list attached to volume 1 has the SHA-256"),
        "page": _("page {page} of {pages}"),
    }


def _day(edition: Edition) -> str:
    """The day it was frozen. CLDR knows the months of Dari and Pashto, Django does not."""
    return format_date(taken_at(edition), DAY, locale=countries.locale_of(get_language()))


def _cover(edition: Edition, title: str) -> list[str]:
    count = edition["count"]["signatures"]
    opening = _supplement(edition, title) or [
        ngettext(
            "We send you the open letter “%(title)s”, signed by %(signatures)s signatory.",
            "We send you the open letter “%(title)s”, signed by %(signatures)s signatories.",
            count,
        ) % {"title": title, "signatures": grouped(count)}
    ]  # fmt: skip
    follows = _(
        "The letter follows in its original language and in every translation, and after it those who signed."
    )
    return [*opening, follows, *_changed_since(edition)]


def _supplement(edition: Edition, title: str) -> list[str]:
    """What an office must know that has an earlier part already."""
    if "supplement" not in edition:
        return []
    more, total = edition["count"]["signatures"], edition["total"]
    return [
        ngettext(
            "This is supplement %(number)s to the open letter “%(title)s” that you have: "
            "%(signatures)s more signatory.",
            "This is supplement %(number)s to the open letter “%(title)s” that you have: "
            "%(signatures)s more signatories.",
            more,
        )
        % {"number": edition["supplement"]["number"], "title": title, "signatures": grouped(more)},
        ngettext(
            "%(total)s signatory stands under it in all.",
            "%(total)s signatories stand under it in all.",
            total,
        )
        % {"total": grouped(total)},
    ]


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


def _how(volume: Volume) -> list[str]:
    sentences = [
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
    ]
    if volume.total > 1:
        sentences.append(
            _(
                "The names fill %(total)s volumes, each a file of its own; all of them are in the list "
                "that is attached to this one."
            )
            % {"total": volume.total}
        )
    return sentences


def _volume(volume: Volume) -> str:
    """Which part of the names this volume holds; "" if there is but one."""
    if volume.total == 1:
        return ""
    told: dict[str, Any] = {"number": volume.number, "total": volume.total}
    if not volume.signatories:
        return _("Volume %(number)s of %(total)s") % told
    told |= {
        "first": grouped(volume.signatories[0]["number"]),
        "last": grouped(volume.signatories[-1]["number"]),
    }
    return _("Volume %(number)s of %(total)s: the names from %(first)s to %(last)s") % told


def _of_the_list(edition: Edition, volume: Volume) -> list[str]:
    sentences = [_("Numbers are the numbers of this list."), *_of_badges(volume)]
    if not volume.is_first:
        return sentences
    unnamed = edition["count"]["signatures"] - len(edition["signatories"])
    if unnamed:
        sentences.append(
            ngettext(
                "%(count)s signatory counts without being named here; the roll holds that line.",
                "%(count)s signatories count without being named here; the roll holds a line for each.",
                unnamed,
            )
            % {"count": grouped(unnamed)}
        )
    if left := len(edition["left"]):
        sentences.append(
            ngettext(
                "%(count)s signature was taken back after the list was fixed and is not counted.",
                "%(count)s signatures were taken back after the list was fixed and are not counted.",
                left,
            )
            % {"count": grouped(left)}
        )
    return sentences


def _of_badges(volume: Volume) -> list[str]:
    """What the badge means, where there is one: in the words of the public list."""
    if not any(one.get("verified") for one in volume.signatories):
        return []
    return [
        _(
            "Verified: something proves that the organisation is itself: a mailbox or a record at the domain "
            "of its website, a call by a moderator, or the word of two that are verified."
        )
    ]


def counts(edition: Edition) -> list[dict[str, str]]:
    """How many signed, a row for each number that is told."""
    count, named = edition["count"], len(edition["signatories"])
    rows = (
        (_("Signatures"), count["signatures"]),
        (_("of organisations"), count.get("organisations")),
        (_("of persons"), count.get("persons")),
        (_("named in this paper"), named),
    )
    return [{"label": label, "value": grouped(value)} for label, value in rows if value is not None]


def hashes(edition: Edition, list_hash: str) -> list[dict[str, str]]:
    """What the paper is checked by."""
    return [
        {"label": _("SHA-256 of the attached list"), "value": list_hash},
        {"label": _("SHA-256 of the text that was signed"), "value": edition["text"]},
        {
            "label": _("Root of the roll, with %(size)s lines") % {"size": edition["head"]["size"]},
            "value": edition["head"]["root"],
        },
    ]


def provenance(language: str, original: str) -> str:
    """What a text is: the one that was signed, or a translation of it."""
    if language == original:
        return _("The letter as it was signed")
    return _("Translation of the letter; the text that was signed is in %(language)s") % {
        "language": language_name(original)
    }


def slips(edition: Edition, language: str) -> list[str]:
    """The slips of the pen that were set right in one of the texts."""
    return [
        _("A slip of the pen: “%(before)s” reads “%(after)s”.") % one
        for one in edition.get("corrections", [])
        if one["language"] == language
    ]


def language_name(code: str) -> str:
    return str(dict(settings.LANGUAGES).get(code, code))


def grouped(number: int) -> str:
    return number_format(number, force_grouping=True)
