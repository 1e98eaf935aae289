"""What became of a letter's text: its versions, and what changed from one to the next."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from letters import comparing, correcting
from letters.caching import cached_page
from letters.desk import desk_page, render_desk, staff_of
from letters.models import Letter, Version
from letters.permitting import Verb, may
from letters.views import about, translation_for_reader


@require_safe
@cached_page(seconds=60)
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """To readers: each published version, with what changed in their language since the one before it."""
    letter = get_object_or_404(Letter.objects.public().with_text(), slug=slug)
    translation = translation_for_reader(letter)
    rows = list(
        letter.versions.filter(published_at__isnull=False).prefetch_related(
            "translations__corrections", "recipients"
        )
    )
    languages = {translation.language, letter.original_language}
    steps = [
        {
            "version": now,
            "changes": comparing.versions(then, now, languages=languages) if then else None,
            "corrections": _corrections(now),
        }
        for then, now in zip([None, *rows], rows, strict=False)
    ]
    context = {"letter": letter, "translation": translation, "steps": steps[::-1]}
    return about(letter, render(request, "letters/versions.html", context))


def _corrections(version: Version) -> list[dict[str, Any]]:
    """What was set right in each text since it was published, and when last."""
    return [
        {"at": row.published_at, "change": comparing.corrected(text, row)}
        for text in version.translations.all()
        if (row := correcting.published(text))
    ]


@require_safe
@desk_page(Verb.SEE)
def compare(request: HttpRequest, letter: Letter) -> HttpResponse:
    """At the desk: any two versions, by default the last two; the draft to those who may read it."""
    rows = letter.versions.prefetch_related("translations", "recipients")
    if not may(staff_of(request), Verb.TRANSLATE, letter):
        rows = rows.filter(published_at__isnull=False)
    known = {version.number: version for version in rows}
    numbers = list(known)
    before = _chosen(request, "before", known, numbers[-2:-1] or numbers)
    after = _chosen(request, "after", known, numbers[-1:])
    context: dict[str, Any] = {
        "versions": known.values(),
        "before": before,
        "after": after,
        "changes": comparing.versions(before, after) if before and after and before != after else None,
    }
    return render_desk(request, "desk/versions.html", letter, **context)


def _chosen(
    request: HttpRequest, name: str, known: dict[int, Version], otherwise: list[int]
) -> Version | None:
    """The version whose number is asked for, or the one to begin with. Raises Http404."""
    asked = request.GET.get(name, "")
    if not asked:
        return known[otherwise[0]] if otherwise else None
    if not (asked.isascii() and asked.isdigit()) or len(asked) > 5 or int(asked) not in known:
        raise Http404
    return known[int(asked)]
