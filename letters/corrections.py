"""The desk pages on which slips of the pen in a published text are set right."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from letters import comparing, correcting
from letters.desk import desk_page, render_desk, staff_of
from letters.forms import CorrectionForm
from letters.models import Letter, Translation
from letters.permitting import Verb, verbs_of


@require_safe
@desk_page(Verb.TRANSLATE)
def corrections(request: HttpRequest, letter: Letter) -> HttpResponse:
    """The texts that are signed now, what waits to be set right in each, and what was."""
    rows = [_row(text) for text in _texts(letter)]
    return render_desk(request, "desk/corrections.html", letter, rows=rows)


@desk_page(Verb.TRANSLATE)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, letter: Letter, language: str) -> HttpResponse:
    """Propose how a text should read; the original is for those who may write it."""
    text = next((text for text in _texts(letter) if text.language == language), None)
    if text is None:
        raise Http404
    if language == letter.original_language and Verb.WRITE not in verbs_of(staff_of(request), letter):
        raise PermissionDenied
    form = CorrectionForm(request.POST or None, instance=correcting.read(text))
    if request.method == "POST" and form.is_valid():
        try:
            correcting.propose(text, form.cleaned_data, by=staff_of(request))
        except correcting.NotCorrected as refused:
            form.add_error(refused.field, str(refused))
        except correcting.NothingWaits:
            raise Http404 from None
        else:
            messages.success(request, _("Proposed. Somebody else who owns the letter publishes it now."))
            return redirect("desk:corrections", slug=letter.slug)
    context: dict[str, Any] = {"form": form, "language_name": text.language_name}
    return render_desk(request, "desk/correct.html", letter, status=422 if form.errors else 200, **context)


@desk_page(Verb.PUBLISH, proven_at="desk:corrections", by_passkey=True)
@require_POST
def publish(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Show readers the text without its slips, as somebody else has proposed."""
    try:
        correcting.publish(_corrected(letter, number), number=number, by=staff_of(request))
    except correcting.NothingWaits:
        raise Http404 from None
    except correcting.OwnCorrection:
        messages.error(request, _("Nothing was changed: somebody else has to publish what you proposed."))
    else:
        messages.success(request, _("Published. Readers see what differs, word by word."))
    return redirect("desk:corrections", slug=letter.slug)


@desk_page(Verb.TRANSLATE)
@require_POST
def discard(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Throw away what waits."""
    try:
        correcting.discard(_corrected(letter, number), number=number, by=staff_of(request))
    except correcting.NothingWaits:
        raise Http404 from None
    messages.success(request, _("Thrown away. Readers see the text as before."))
    return redirect("desk:corrections", slug=letter.slug)


def _texts(letter: Letter) -> list[Translation]:
    """The texts that are signed now, the original first. Raises Http404 for a letter nobody can read."""
    if letter.current is None or not letter.is_public():
        raise Http404
    texts = letter.current.translations.select_related("version").prefetch_related("corrections__proposed_by")
    return sorted(texts, key=lambda text: text.language != letter.original_language)


def _corrected(letter: Letter, number: int) -> Translation:
    for text in _texts(letter):
        if any(row.pk == number for row in text.corrections.all()):
            return text
    raise Http404


def _row(text: Translation) -> dict[str, Any]:
    waiting, published = correcting.waiting(text), correcting.published(text)
    return {
        "text": text,
        "waiting": waiting,
        "proposed": comparing.corrected(text, waiting) if waiting else None,
        "published": published,
        "changes": comparing.corrected(text, published) if published else None,
    }
