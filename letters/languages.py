"""How a language is named outside of this site."""

from django.conf import settings


def html_language(language: str | None) -> str:
    """The language as browsers know it (BCP 47): our prs, Dari, is their fa-AF."""
    language = language or settings.LANGUAGE_CODE
    return settings.HTML_LANGUAGES.get(language, language)
