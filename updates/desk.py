"""The desk pages of updates: what was mailed, what is being written, and how far the mails have got."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from letters import prose
from letters.desk import desk_page, render_desk, staff_of
from letters.forms import NewTranslationForm
from letters.models import Letter
from letters.permitting import Verb, verbs_of
from letters.templatetags.pages import day
from outbox import posting
from updates import mailing, writing
from updates.forms import UpdateForm
from updates.models import Text, Update

LANGUAGES = dict(settings.LANGUAGES)


@require_safe
@desk_page(Verb.SEE)
def updates(request: HttpRequest, letter: Letter) -> HttpResponse:
    """The letter's updates, the newest first."""
    rows = [
        (update, update.texts.filter(language=letter.original_language).first())
        for update in letter.updates.all()
    ]
    draft = next((update for update, _text in rows if not update.approved_at), None)
    return render_desk(request, "updates/updates.html", letter, rows=rows, draft=draft)


@desk_page(Verb.WRITE)
@require_POST
def begin(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Begin an update, or go on with the one there is."""
    update = writing.begin(letter, by=staff_of(request))
    return redirect("updates:text", letter.slug, update.pk, letter.original_language)


@require_safe
@desk_page(Verb.SEE)
def update(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """One update: its texts, who has to do what next, and how far its mails have got."""
    row = _update(letter, number)
    texts = sorted(row.texts.all(), key=lambda text: text.language != letter.original_language)
    known = {text.language for text in texts}
    possible = writing.next_possible(letter)
    return render_desk(
        request,
        "updates/update.html",
        letter,
        update=row,
        texts=texts,
        missing="" if row.approved_at else writing.missing(row),
        new_text=NewTranslationForm(known=known) if known and len(known) < len(LANGUAGES) else None,
        is_own=row.proposed_by_id == staff_of(request).pk,
        possible=None if row.approved_at else possible,
        progress=mailing.progress(row) if row.approved_at else None,
    )


@desk_page(Verb.TRANSLATE)
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, letter: Letter, number: int, language: str) -> HttpResponse:
    """What an update says in one language, with its preview."""
    row = _update(letter, number)
    if language not in LANGUAGES or row.approved_at:
        raise Http404
    is_original = language == letter.original_language
    if is_original and Verb.WRITE not in verbs_of(staff_of(request), letter):
        raise PermissionDenied
    known = {text.language: text for text in row.texts.all()}
    written = known.get(language) or Text(update_of=row, language=language)
    form = UpdateForm(request.POST or None, instance=written)
    if request.method == "POST" and form.is_valid():
        try:
            writing.write(row, form, language=language, by=staff_of(request))
        except writing.NotADraft:
            raise Http404 from None
        messages.success(request, _("Saved."))
        return redirect("updates:update", letter.slug, row.pk)
    context = {
        "update": row,
        "form": form,
        "text": written,
        "original": None if is_original else known.get(letter.original_language),
        "preview": prose.to_html(form["body"].value() or ""),
    }
    return render_desk(request, "updates/text.html", letter, status=422 if form.errors else 200, **context)


@desk_page(Verb.TRANSLATE)
@require_POST
def begin_text(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Go to the page of a language that is chosen; nothing is saved before something is written there."""
    language = request.POST.get("language", "")
    if language not in LANGUAGES:
        raise Http404
    return redirect("updates:text", letter.slug, _update(letter, number).pk, language)


@desk_page(Verb.TRANSLATE)
@require_POST
def try_out(request: HttpRequest, letter: Letter, number: int, language: str) -> HttpResponse:
    """Mail a text to oneself."""
    row = _update(letter, number)
    writing.try_out(get_object_or_404(row.texts, language=language), by=staff_of(request))
    posting.nudge()
    messages.success(request, _("It is on its way to you. One trial of a text leaves in a minute."))
    return redirect("updates:update", letter.slug, row.pk)


@desk_page(Verb.WRITE)
@require_POST
def remove(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Take a draft away."""
    try:
        writing.remove(_update(letter, number), by=staff_of(request))
    except writing.NotADraft:
        raise Http404 from None
    messages.success(request, _("Removed."))
    return redirect("updates:updates", letter.slug)


@desk_page(Verb.WRITE)
@require_POST
def propose(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Say that it is ready."""
    row = _update(letter, number)
    try:
        writing.propose(row, by=staff_of(request))
    except writing.NotADraft:
        raise Http404 from None
    except writing.Unfinished as unfinished:
        messages.error(request, str(unfinished))
    else:
        messages.success(request, _("Proposed. Somebody else who owns the letter has it mailed now."))
    return redirect("updates:update", letter.slug, row.pk)


@desk_page(Verb.PUBLISH, proven_at="updates:updates", by_passkey=True)
@require_POST
def approve(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Have it mailed as somebody else has proposed it."""
    row = _update(letter, number)
    try:
        writing.approve(row, digest=request.POST.get("digest", ""), by=staff_of(request))
    except writing.NotADraft:
        raise Http404 from None
    except writing.OwnUpdate:
        messages.error(
            request, _("Nothing was changed: somebody who wrote nothing of it has to have it mailed.")
        )
    except writing.Changed:
        messages.error(request, _("Nothing was changed: it is another text by now. Read it, then decide."))
    except writing.TooSoon as early:
        messages.error(
            request,
            _("Nothing was changed: signers had news lately. They may have more from %(day)s on.")
            % {"day": day(early.until)},
        )
    else:
        messages.success(request, _("It is being mailed to everybody who asked for news."))
    return redirect("updates:update", letter.slug, row.pk)


def _update(letter: Letter, number: int) -> Update:
    return get_object_or_404(letter.updates.prefetch_related("texts"), pk=number)
