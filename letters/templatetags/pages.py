"""What every page says about itself: its language, its address, and the same page in other languages."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date
from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils import timezone, translation
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from letters.languages import html_language
from letters.models import Letter

register = template.Library()
register.filter(html_language)


@dataclass(frozen=True)
class PageLink:
    """The same page in one language."""

    code: str
    language: str
    direction: str
    name: str
    path: str
    address: str
    is_here: bool


@register.simple_tag
def site_name() -> str:
    return settings.SITE_NAME


@register.simple_tag
def page_language() -> str:
    """The page's language as browsers know it (BCP 47): Dari is fa-AF."""
    return html_language(translation.get_language())


@register.simple_tag
def page_direction() -> str:
    return "rtl" if translation.get_language_bidi() else "ltr"


@register.filter
def language_direction(code: str) -> str:
    return "rtl" if code in settings.LANGUAGES_BIDI else "ltr"


@register.filter
def own_name(code: str) -> str:
    """A language's name in that language."""
    return translation.get_language_info(code)["name_local"]


@register.filter
def language_in_words(code: str) -> str:
    """A language's name in the reader's language."""
    return _(str(dict(settings.LANGUAGES).get(code, code)))


@register.filter
def day(moment: date) -> str:
    """The day of a moment (UTC) in the reader's language; Django knows no Dari or Pashto months."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    locale = "en_GB" if language == "en" else html_language(language).replace("-", "_")
    return format_date(moment, format="long", locale=locale)


@register.filter
def age(since: datetime) -> str:
    """How long ago a moment was, in words; of what has just happened Django would say "0 minutes"."""
    if timezone.now() - since < timedelta(minutes=1):
        return _("less than a minute")
    return timesince(since)


@register.simple_tag
def letter_path(letter: Letter, language: str) -> str:
    """Where a letter is read in one language; a language without pages of its own is read on English ones."""
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(known):
        return reverse("letters:show", kwargs={"slug": letter.slug})


@register.simple_tag
def letter_address(letter: Letter, language: str) -> str:
    """The same as others may link it."""
    return full_address(letter_path(letter, language))


@register.simple_tag
def full_address(path: str) -> str:
    """A path of ours as others may link it."""
    return f"{settings.SITE_URL}{path}"


@register.simple_tag(takes_context=True)
def page_links(context: template.Context) -> list[PageLink]:
    """This page in each language, or nothing where a page has only one address.

    Queries are left behind: what a reader searched for is not offered to others.
    """
    request: HttpRequest | None = context.get("request")
    if request is None:
        return []
    here = translation.get_language()
    paths = {code: translate_url(request.path, code) for code, _ in settings.LANGUAGES}
    if len(set(paths.values())) == 1:
        return []
    return [
        PageLink(
            code=code,
            language=html_language(code),
            direction=language_direction(code),
            name=own_name(code),
            path=path,
            address=full_address(path),
            is_here=code == here,
        )
        for code, path in paths.items()
    ]
