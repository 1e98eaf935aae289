"""The desk pages on which a letter is written, translated, reviewed and published."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from letters import duplicating, prose, writing
from letters.desk import desk_page, render_desk, staff_of
from letters.forms import (
    AuthorForm,
    BeginForm,
    FactsForm,
    NewTranslationForm,
    RecipientForm,
    SlugForm,
    TextForm,
)
from letters.models import Author, Letter, Recipient, Translation, Version
from letters.permitting import Verb, verbs_of

FORMED = require_http_methods(["GET", "HEAD", "POST"])
LANGUAGES = dict(settings.LANGUAGES)


@login_required
@FORMED
def new(request: HttpRequest) -> HttpResponse:
    """Begin a letter; who does owns it."""
    form = BeginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        letter = writing.begin(
            form.save(commit=False), title=form.cleaned_data["title"], by=staff_of(request)
        )
        return redirect("desk:text", slug=letter.slug, language=letter.original_language)
    return render(request, "desk/new.html", {"form": form}, status=422 if form.errors else 200)


@desk_page(Verb.WRITE)
@FORMED
def duplicate(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Begin another letter with this one's words."""
    form = SlugForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            copy = duplicating.duplicate(letter, slug=form.cleaned_data["slug"], by=staff_of(request))
        except duplicating.NothingToCopy:
            raise Http404 from None
        messages.success(
            request, _("This is the new letter, a draft. You own it, and nobody else sees it yet.")
        )
        return redirect("desk:draft", slug=copy.slug)
    status = 422 if form.errors else 200
    return render_desk(request, "desk/duplicate.html", letter, status=status, form=form)


@require_safe
@desk_page(Verb.TRANSLATE)
def draft(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Everything that goes with the draft, and what it still lacks."""
    version = draft_of(letter)
    texts = sorted(version.translations.all(), key=lambda text: text.language != letter.original_language)
    known = {text.language for text in texts}
    context: dict[str, Any] = {
        "version": version,
        "texts": texts,
        "recipients": version.recipients.all(),
        "missing": writing.missing(letter),
        "new_translation": NewTranslationForm(known=known) if len(known) < len(LANGUAGES) else None,
        "is_own_proposal": version.proposed_by_id == staff_of(request).pk,
    }
    return render_desk(request, "desk/draft.html", letter, **context)


@desk_page(Verb.TRANSLATE)  # type: ignore[arg-type]
@FORMED
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def text(request: HttpRequest, letter: Letter, language: str) -> HttpResponse:
    """One text, with its preview, also on a phone; a translation stands beside the original."""
    version = draft_of(letter)
    if language not in LANGUAGES:
        raise Http404
    is_original = language == letter.original_language
    if is_original and Verb.WRITE not in verbs_of(staff_of(request), letter):
        raise PermissionDenied
    known = {text.language: text for text in version.translations.all()}
    row = known.get(language) or Translation(version=version, language=language)
    form = TextForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            writing.write(letter, form, language=language, by=staff_of(request))
        except writing.NoDraft:
            raise Http404 from None
        messages.success(request, _("Saved."))
        return redirect("desk:draft", slug=letter.slug)
    context = {
        "form": form,
        "text": row,
        "language_name": LANGUAGES[language],
        "original": None if is_original else known.get(letter.original_language),
        "preview": prose.to_html(form["body"].value() or ""),
        "as_read": as_read_in(letter, language),
    }
    return render_desk(request, "desk/text.html", letter, status=422 if form.errors else 200, **context)


@desk_page(Verb.TRANSLATE)
@require_POST
def begin_translation(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Go to the page of a language that is chosen; nothing is saved before something is written there."""
    language = request.POST.get("language", "")
    if language not in LANGUAGES:
        raise Http404
    return redirect("desk:text", slug=letter.slug, language=language)


@desk_page(Verb.TRANSLATE)
@require_POST
def review(request: HttpRequest, letter: Letter, language: str) -> HttpResponse:
    """Sign a translation off."""
    try:
        writing.review(letter, language=language, by=staff_of(request))
    except writing.NoDraft:
        raise Http404 from None
    except writing.OwnText:
        messages.error(request, _("Nothing was changed: somebody else has to review what you wrote."))
    else:
        messages.success(request, _("Reviewed."))
    return redirect("desk:draft", slug=letter.slug)


@desk_page(Verb.WRITE)
@FORMED
def facts(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Contact, aim, dates and risk of a draft."""
    if letter.is_published():
        raise Http404
    heading = _("Contact, aim and dates")
    return _form(request, letter, FactsForm(request.POST or None, instance=letter), heading)


@desk_page(Verb.WRITE)
@FORMED
def recipient(request: HttpRequest, letter: Letter, number: int | None = None) -> HttpResponse:
    """An office the draft is addressed to: a new one, or the one with this number."""
    version = draft_of(letter)
    row = get_object_or_404(version.recipients, pk=number) if number else Recipient(version=version)
    return _form(request, letter, RecipientForm(request.POST or None, instance=row), _("To whom"))


@desk_page(Verb.WRITE)
@FORMED
def author(request: HttpRequest, letter: Letter, number: int | None = None) -> HttpResponse:
    """An organisation that writes the letter: a new one, or the one with this number.

    They stand on the letter's page for all its versions, so they change until the first is published.
    """
    if letter.is_published():
        raise Http404
    row = get_object_or_404(letter.authors, pk=number) if number else Author(letter=letter)
    return _form(request, letter, AuthorForm(request.POST or None, instance=row), _("Who writes it"))


@desk_page(Verb.WRITE)
@require_POST
def move_author(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Name an author one place earlier (`to` is `before`), or later."""
    row = get_object_or_404(letter.authors, pk=number)
    try:
        writing.move(letter, row, before=request.POST.get("to") == "before", by=staff_of(request))
    except writing.NoDraft:
        raise Http404 from None
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('desk:draft', kwargs={'slug': letter.slug})}#authors")


@desk_page(Verb.WRITE)
@require_POST
def propose(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Say that the draft is ready."""
    try:
        writing.propose(letter, by=staff_of(request))
    except writing.NoDraft:
        raise Http404 from None
    except writing.Unfinished as unfinished:
        for reason in unfinished.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("Proposed. Somebody else who owns the letter publishes it now."))
    return redirect("desk:draft", slug=letter.slug)


@desk_page(Verb.PUBLISH, proven_at="desk:draft", by_passkey=True)
@require_POST
def publish(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Publish what somebody else has proposed."""
    try:
        writing.publish(letter, seen=request.POST.get("seen", ""), by=staff_of(request))
    except writing.NoDraft:
        raise Http404 from None
    except writing.OwnText:
        messages.error(request, _("Nothing was changed: somebody else has to publish what you proposed."))
    except writing.ProposedAnew:
        messages.error(
            request, _("Nothing was published: it was changed and proposed again. Read it once more.")
        )
    except writing.Unfinished as unfinished:
        messages.error(request, " ".join(unfinished.reasons))
    else:
        messages.success(request, _("Published. From now on the text never changes."))
        return redirect("desk:letter", slug=letter.slug)
    return redirect("desk:draft", slug=letter.slug)


def _form(request: HttpRequest, letter: Letter, form: ModelForm, heading: str) -> HttpResponse:
    """One thing that goes with the draft; `remove` takes it off."""
    row, is_posted = form.instance, request.method == "POST"
    can_be_removed = row.pk and not isinstance(row, Letter)
    try:
        if is_posted and "remove" in request.POST and can_be_removed:
            writing.remove(letter, row, by=staff_of(request))
            messages.success(request, _("Removed."))
            return redirect("desk:draft", slug=letter.slug)
        if is_posted and form.is_valid():
            writing.change(letter, form, by=staff_of(request))
            messages.success(request, _("Saved."))
            return redirect("desk:draft", slug=letter.slug)
    except writing.NoDraft:  # published meanwhile
        raise Http404 from None
    context = {"form": form, "form_heading": heading, "can_be_removed": can_be_removed}
    return render_desk(request, "desk/form.html", letter, status=422 if form.errors else 200, **context)


def as_read_in(letter: Letter, language: str) -> str:
    """Where the draft is seen as its signers will find it, in that language."""
    with translation.override(language):
        return reverse("desk:as_read", kwargs={"slug": letter.slug})


def draft_of(letter: Letter) -> Version:
    """The version that is being written. Raises Http404."""
    version = writing.draft_of(letter)
    if version is None:
        raise Http404
    return version
