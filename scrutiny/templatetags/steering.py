"""What the desk says on every page."""

from django import template
from django.conf import settings
from django.db import DatabaseError
from django.utils import translation

from letters.languages import html_language
from scrutiny import steering

register = template.Library()


@register.inclusion_tag("banner.html")
def banner() -> dict[str, str]:
    """The sentence in the page's language, or in the first that has one; none while the database is away."""
    try:
        words = steering.banner()
    except DatabaseError:
        return {}
    here = translation.get_language() or settings.LANGUAGE_CODE
    for code in (here, *dict(settings.LANGUAGES)):
        if text := words.get(code):
            return {"text": text, "language": html_language(code)}
    return {}


@register.filter
def in_words(name: str) -> str:
    """A limit's name as people read it."""
    return name.replace("_", " ").capitalize()
