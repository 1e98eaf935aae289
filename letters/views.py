"""The pages that readers come for: the letters, one letter, and how data is treated."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from letters.caching import cached_page
from letters.models import Letter, Translation
from letters.translating import best_translation

SHARED = "public, max-age=5"
KEPT_NOWHERE = "no-store"


@require_safe
@cached_page()
def index(request: HttpRequest) -> HttpResponse:
    """Open letters, newest first, and below them those that are closed."""
    newest = Letter.objects.with_text().order_by("-published_at", "pk")
    context = {
        "letters": in_readers_language(newest.open()),
        "closed": in_readers_language(newest.closed()),
    }
    return shared(render(request, "letters/index.html", context))


@require_safe
@cached_page()
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """One letter in the reader's language, or in its own where nobody has translated it yet."""
    letter = get_object_or_404(Letter.objects.published().with_text(), slug=slug)
    if letter.taken_down_at:
        return _gone(request, letter)
    return about(letter, render(request, "letters/show.html", shown(letter)))


def shown(letter: Letter) -> dict[str, Any]:
    """What a letter's page shows."""
    translation = translation_for_reader(letter)
    return {
        "letter": letter,
        "version": letter.current,
        "translation": translation,
        "translations": letter.current.translations.all(),  # type: ignore[union-attr]
        "is_in_another_language": translation.language != get_language(),
        "recipients": letter.current.recipients.all(),  # type: ignore[union-attr]
    }


@require_safe
@cached_page(seconds=60)
def privacy(request: HttpRequest) -> HttpResponse:
    """How data is treated, and for every letter who receives it (Art. 13 GDPR)."""
    letters = Letter.objects.with_text().public().prefetch_related("authors", "current__recipients")
    context = {"letters": in_readers_language(letters.order_by(F("published_at").desc()))}
    return shared(render(request, "privacy.html", context))


def _gone(request: HttpRequest, letter: Letter) -> HttpResponse:
    """410: the letter was here and was taken down; why."""
    context = {"letter": letter, "translation": translation_for_reader(letter)}
    response = render(request, "letters/gone.html", context, status=410)
    response["X-Robots-Tag"] = "noindex, noarchive"
    response["Cache-Control"] = KEPT_NOWHERE
    return response


def in_readers_language(letters: Iterable[Letter]) -> list[Letter]:
    """The letters, each with `.translation`: the text to show of it."""
    letters = list(letters)
    for letter in letters:
        letter.translation = translation_for_reader(letter)  # type: ignore[attr-defined]
    return letters


def translation_for_reader(letter: Letter) -> Translation:
    return best_translation(letter, [get_language() or letter.original_language])


def about(letter: Letter, response: HttpResponse) -> HttpResponse:
    """What any cache may keep for a moment; if the letter is at risk none shall, and no search engine."""
    if not letter.is_at_risk():
        return shared(response)
    response["X-Robots-Tag"] = "noindex, noarchive"
    response["Cache-Control"] = KEPT_NOWHERE
    return response


def shared(response: HttpResponse) -> HttpResponse:
    """Any cache may keep the page for a moment: it is the same for everybody."""
    response["Cache-Control"] = SHARED
    return response
