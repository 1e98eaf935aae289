"""What goes with a paper that somebody brings: a cover for the office, a receipt that it stamps.

Both are in the office's language, as the paper is, and name the SHA-256 that stands at the foot of its pages:
of the paper that was given out last.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from deliveries.dossiers import freezing
from deliveries.dossiers.editions import Edition
from deliveries.models import Delivery
from deliveries.papers import lettering, phrasing, typesetting
from outbox.models import State

PAPER = typesetting.SOURCES / "receipt.typ"
LINES, WIDTH, LARGEST = 6, 40, 10.5  # of an address in its window, in letters and points


class NotHeld(Exception):
    """Nobody has to bring it: it leaves by mail, or it has left."""


class NotHandedOut(Exception):
    """The paper itself was not given out yet, so there is nothing that goes with it."""


def cover(delivery: Delivery, *, page: str = "", at: datetime | None = None) -> bytes:
    """A first page whose address shows in a window (DIN 5008, form B; C5 or DL), as PDF (PDF/UA-1).

    `page` is the address of the office's own page. The cover stays with the office, so it alone names it:
    the receipt is kept by who brings it.
    Raises NotHeld, NotHandedOut, DossierDestroyed.
    """
    return _set(delivery, lambda edition: _cover(delivery, edition, page), at=at)


def receipt(delivery: Delivery, *, at: datetime | None = None) -> bytes:
    """One page that the office stamps, signs and dates, as PDF (PDF/UA-1). Raises as `cover` does."""
    return _set(delivery, lambda _edition: _receipt(), at=at)


def _set(delivery: Delivery, say: Callable[[Edition], dict[str, Any]], *, at: datetime | None) -> bytes:
    if delivery.state != State.HELD:
        raise NotHeld(delivery)
    if delivery.handed_at is None or delivery.signatures is None:
        raise NotHandedOut(delivery)
    at = at or timezone.now()
    edition = freezing.edition_now(delivery.dossier)
    language = delivery.recipient.language
    with translation.override(language if language in dict(settings.LANGUAGES) else "en"):
        paper = _paper(delivery, edition, at) | say(edition)
        made: bytes = typesetting.typeset(
            PAPER, paper, at=at, folder=settings.PAPER_FONTS, format="pdf", pdf_standards=["ua-1"]
        )
    return made


def _paper(delivery: Delivery, edition: Edition, at: datetime) -> dict[str, Any]:
    rows = [
        (_("Letter"), _title(edition)),
        (_("From"), ", ".join(author["name"] for author in edition["authors"])),
        (_("To"), ", ".join(filter(None, [delivery.recipient.person, delivery.recipient.office]))),
        (_("Signatures"), phrasing.grouped(delivery.signatures or 0)),
        (_("Number of the delivery"), str(delivery.pk)),
        (_("Supplement"), str(delivery.part) if delivery.part else ""),
    ]
    return {
        "site": settings.SITE_NAME,
        "date": {"year": at.year, "month": at.month, "day": at.day},
        "cover": lettering.direction(translation.get_language() or "en"),
        "rows": [_spoken(value) | {"label": label} for label, value in rows if value],
        "hashes": [
            {"label": _("SHA-256 of the list, as at the foot of each page"), "value": delivery.list_hash}
        ],
        "page": [],
        "window": [], "sender": "", "size": LARGEST, "sentences": [], "lines": [], "stamp": "",
    }  # fmt: skip


def _receipt() -> dict[str, Any]:
    return {
        "title": _("Receipt"),
        "sentences": [_("We have received the open letter named below, with the list of its signatories.")],
        "stamp": _("Stamp of the office"),
        "lines": [_("Name"), _("Date and signature")],
    }


def _cover(delivery: Delivery, edition: Edition, page: str) -> dict[str, Any]:
    lines = [line for line in delivery.recipient.postal.splitlines() if line.strip()]
    taken = sum(-(-len(line) // WIDTH) for line in lines)
    return {
        "title": _title(edition),
        "sentences": [_("Enclosed is the open letter named below, with the list of its signatories.")],
        "window": [_spoken(line.strip()) for line in lines],
        "sender": " · ".join([*(author["name"] for author in edition["authors"][:2]), settings.SITE_URL]),
        "size": LARGEST * min(1, LINES / max(1, taken)),
        "page": [{"label": _page_in_words(), "value": page}] if page else [],
    }


def _page_in_words() -> str:
    return _(
        "Your office’s own page, where you get the paper, check it, and can answer. "
        "Keep its address to yourselves:"
    )


def _title(edition: Edition) -> str:
    """In the office's language if the letter has it, else as it was written."""
    titles = {text["language"]: text["title"] for text in edition["texts"]}
    return str(titles.get(translation.get_language() or "en") or titles[edition["original"]])


def _spoken(text: str) -> dict[str, Any]:
    printed = lettering.printed(text)
    return lettering.spoken(printed) | {"text": printed}
