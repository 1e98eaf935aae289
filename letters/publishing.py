"""Freezing a text, opening a letter to signatures, and closing it."""

import hashlib
import json
import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from letters import correcting
from letters.models import Letter, Recipient, Translation, Version

logger = logging.getLogger(__name__)


class NothingToPublish(Exception):
    """The letter has no draft version with a text in its original language and a recipient."""


def canonical(value: object) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8: one value, one sequence of bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(value: object) -> str:
    """SHA-256, in hex, of the canonical JSON of `value`."""
    return hashlib.sha256(canonical(value)).hexdigest()


def text_of(translation: Translation) -> dict[str, str]:
    """What is frozen and hashed of a translation."""
    return {
        "language": translation.language,
        "title": translation.title,
        "summary": translation.summary,
        "body": translation.body,
    }


def office_of(recipient: Recipient) -> dict[str, str]:
    """What signers are told of a recipient; the address to write to is nobody's business but ours."""
    return {"office": recipient.office, "person": recipient.person, "country": recipient.country}


@transaction.atomic
def publish(letter: Letter, *, at: datetime | None = None, by: User | None = None) -> Version:
    """Freeze and hash the draft version and make it the one people sign from `at` (default: now).

    The hash covers the original text and the recipients: who signs agrees to both. `by` is who publishes at
    the desk (writing.publish), nobody on the command line. Raises NothingToPublish.
    """
    at = at or timezone.now()
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    version = letter.versions.filter(published_at=None).first()
    if version is None or not version.recipients.exists():
        raise NothingToPublish(letter)
    original = version.translations.filter(language=letter.original_language).first()
    if original is None:
        raise NothingToPublish(letter)
    for translation in version.translations.all():
        freeze(translation, at=at)
    version.text_hash = digest(
        {
            "letter": letter.slug,
            "version": version.number,
            "original": text_of(original),
            "recipients": [office_of(recipient) for recipient in version.recipients.all()],
        }
    )
    version.published_at, version.published_by = at, by
    version.save(update_fields=["text_hash", "published_at", "published_by"])
    letter.current = version
    letter.published_at = letter.published_at or at
    letter.opens_at = letter.opens_at or at
    letter.save(update_fields=["current", "published_at", "opens_at"])
    logger.info("letter %s published as version %s", letter.pk, version.number)
    return version


def freeze(translation: Translation, *, at: datetime) -> None:
    """Fix one translation for ever, under its own hash."""
    translation.text_hash = digest(text_of(translation))
    translation.frozen_at = at
    translation.save(update_fields=["text_hash", "frozen_at"])


@transaction.atomic
def amend(letter: Letter) -> Version:
    """Begin the next version as a draft copy of the current one. It is signed once published.

    Raises NothingToPublish for a letter that was never published.
    """
    current = letter.current
    if current is None:
        raise NothingToPublish(letter)
    draft = Version.objects.create(letter=letter, number=current.number + 1)
    for text in current.translations.all():
        translation = correcting.read(text)
        translation.pk, translation.version = None, draft  # type: ignore[assignment]
        translation.text_hash, translation.frozen_at = "", None
        translation.save(force_insert=True)
    for recipient in current.recipients.all():
        recipient.pk, recipient.version = None, draft  # type: ignore[assignment]
        recipient.save(force_insert=True)
    return draft


def close(letter: Letter, *, at: datetime | None = None) -> None:
    """Take no signatures after `at` (default: now); who signed before has a day to confirm."""
    Letter.objects.filter(pk=letter.pk).update(closes_at=at or timezone.now())
    letter.refresh_from_db(fields=["closes_at"])
    logger.info("letter %s closes", letter.pk)
