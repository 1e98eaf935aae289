"""The letter in the reader's language."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from letters import correcting, publishing
from letters.models import Letter, Translation, Version


def best_translation(letter: Letter, languages: Sequence[str]) -> Translation:
    """The translation in the first of `languages` that exists, else the original, without its slips."""
    return best_of(letter.current, languages, original=letter.original_language)  # type: ignore[arg-type]


def best_of(version: Version, languages: Sequence[str], *, original: str) -> Translation:
    """The same of one version, which need not be the current one."""
    return correcting.read(frozen_of(version, languages, original=original))


def frozen_of(version: Version, languages: Sequence[str], *, original: str) -> Translation:
    """The same as it was published, slips and all."""
    known = {translation.language: translation for translation in version.translations.all()}
    for language in [*languages, original]:
        if language in known:
            return known[language]
    raise Translation.DoesNotExist(version)


@transaction.atomic
def add_translation(version: Version, *, language: str, title: str, summary: str, body: str) -> Translation:
    """Add the text in one more language; under a published version it is frozen at once."""
    translation = Translation.objects.create(
        version=version, language=language, title=title, summary=summary, body=body
    )
    if version.published_at:
        publishing.freeze(translation, at=timezone.now())
    return translation
