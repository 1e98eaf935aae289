"""What a signer agrees to: the very sentences, the choices in them, and the record of both.

The sentences of the form, and of the page that confirms, stand here and nowhere else. Each wording is kept in
`wordings/`, in every language, so that years later one can read which sentence somebody agreed to: the record
holds its hash. Whoever changes a sentence, or its translation, gives the whole a new name.
"""

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from letters.models import Version
from letters.publishing import canonical, digest
from signatories.models import Visibility

WORDING = "2026-11-2"
KEPT = Path(__file__).with_name("wordings")

AGREE = gettext_lazy(
    "I am 16 or older. I agree that my signature, which tells a political opinion, "
    "is kept and counted, and that the name is used as chosen above."
)
MAY_WITHDRAW = gettext_lazy("You can withdraw at any time by the private link we send you.")
NEWS = gettext_lazy("Send me news about this letter.")
AUTHORISED = gettext_lazy("I am authorised to sign for this organisation.")
WHO_SEES = gettext_lazy("Who may see the name?")
NOTHING_CHOSEN = gettext_lazy("If you choose nothing, the signature is only counted.")
PUBLIC = gettext_lazy(
    "Everyone: the name is shown on the public list and delivered with the country to {offices}. "
    "They may not protect you. Copies cannot be recalled."
)
PUBLIC_AT_RISK = gettext_lazy("Published names can be copied and kept for ever. Think of your safety first.")
RECIPIENT = gettext_lazy(
    "Only those the letter addresses: {offices} will receive the name and country. "
    "They may not protect you. Copies cannot be recalled."
)
COUNTED = gettext_lazy("Nobody: the signature is counted, the name is neither shown nor delivered.")
CONFIRM = gettext_lazy(
    "By confirming you say that you are 16 or older, and you agree that your signature, which tells a "
    "political opinion, is kept and counted and that the name is used as written here. You can withdraw at "
    "any time."
)
AGREE_ANEW = gettext_lazy(
    "I have read the changed text. I agree that my signature stands under it, that it is kept and counted, "
    "and that the name is used as written here."
)
SENTENCES = {
    "agree": AGREE,
    "may_withdraw": MAY_WITHDRAW,
    "news": NEWS,
    "authorised": AUTHORISED,
    "who_sees": WHO_SEES,
    "nothing_chosen": NOTHING_CHOSEN,
    "public": PUBLIC,
    "public_at_risk": PUBLIC_AT_RISK,
    "recipient": RECIPIENT,
    "counted": COUNTED,
    "confirm": CONFIRM,
    "agree_anew": AGREE_ANEW,
}


@lru_cache(maxsize=32)
def sentences(language: str) -> dict[str, str]:
    """The sentences as they are shown in one language; `{offices}` are those of the version signed."""
    with translation.override(language):
        return {name: str(sentence) for name, sentence in SENTENCES.items()}


@lru_cache(maxsize=32)
def mark(language: str) -> str:
    """SHA-256, in hex, of the sentences in one language."""
    return digest(sentences(language))


def record(
    version: Version, *, language: str, visibility: str, updates: bool, at: datetime | None = None
) -> dict[str, Any]:
    """What is kept of a consent when the form is posted; days are in UTC.

    The hash of the text covers the recipients too, so with the sentences' own it fixes every word that was
    shown. Counting is the one choice that signing needs; each other one stands for itself.
    """
    return {
        "wording": WORDING,
        "sentences": mark(language),
        "language": language,
        "version": version.number,
        "text": version.text_hash,
        "choices": {
            "count": True,
            "show": visibility == Visibility.PUBLIC,
            "deliver": visibility in {Visibility.PUBLIC, Visibility.RECIPIENT},
            "news": updates,
        },
        "signed_on": day(at),
    }


def anew(
    before: dict[str, Any], version: Version, *, language: str, visibility: str, updates: bool
) -> dict[str, Any]:
    """What is kept when a signer agrees to a later version; under `earlier`, what was agreed to before."""
    new = record(version, language=language, visibility=visibility, updates=updates)
    new["agreed_on"] = new.pop("signed_on")
    last = {name: value for name, value in before.items() if name != "earlier"}
    return new | {"earlier": [*before.get("earlier", []), last]}


def day(at: datetime | None = None) -> str:
    """A day as the record writes it (default: today, UTC)."""
    return (at or timezone.now()).date().isoformat()


def kept(wording: str, language: str) -> dict[str, str] | None:
    """The sentences of an earlier or the present wording; None for one that was never used."""
    file = KEPT / f"{wording}.json"
    if not wording.replace("-", "").isalnum() or not file.exists():
        return None
    return json.loads(file.read_text()).get(language)


def agreed_to(consent: dict[str, Any]) -> dict[str, str] | None:
    """The sentences that a record is about, if they are those whose hash it holds."""
    found = kept(str(consent.get("wording", "")), str(consent.get("language", "")))
    return found if found and digest(found) == consent.get("sentences") else None


def file_of(languages: list[str]) -> bytes:
    """The present wording in every language, as `wordings/` keeps it."""
    told = {language: sentences(language) for language in languages}
    return json.dumps(json.loads(canonical(told)), indent=1, ensure_ascii=False).encode() + b"\n"
