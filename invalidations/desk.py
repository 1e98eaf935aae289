"""The desk's pages of bulk invalidations: proposing one, looking at what was found, and letting it run."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from invalidations import proposing
from invalidations.forms import InvalidationForm
from invalidations.models import Invalidation
from letters.desk import desk_page, render_desk, staff_of
from letters.models import Letter
from letters.permitting import Verb, others_who_may
from scrutiny import domains
from signatories import budget_desk
from signatories.models import Signature

SAMPLES, SHOWN = 20, 50
ALL, ONE = "invalidations:invalidations", "invalidations:invalidation"


@require_safe
@desk_page(Verb.MODERATE)
def invalidations(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Every bulk invalidation of the letter, the newest first."""
    return render_desk(
        request,
        "desk/invalidations/all.html",
        letter,
        invalidations=letter.invalidations.select_related("proposed_by")[:SHOWN],
    )


@desk_page(Verb.MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Say which signatures; `like` is one that moderators came from, whose network is known for a day."""
    like = _like(request, letter)
    has_network = bool(like and like.network)
    known = {"domain": domains.registrable(like.email)} if like and like.email else {}
    form = InvalidationForm(request.POST or None, initial=known, has_network=has_network)
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        of_network = like if facts.pop("is_by_network", False) else None
        try:
            row = proposing.propose(letter, by=staff_of(request), like=of_network, **facts)
        except proposing.NetworkForgotten:
            form.add_error("is_by_network", _("It has just been forgotten. Leave the tick out."))
        else:
            return redirect(ONE, slug=letter.slug, number=row.pk)
    context: dict[str, Any] = {"form": form, "like": like}
    return render_desk(
        request, "desk/invalidations/new.html", letter, status=422 if form.errors else 200, **context
    )


@require_safe
@desk_page(Verb.MODERATE)
def invalidation(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """What was looked for, how many were found with twenty of them, and what one may do about it."""
    return _page(request, letter, _one(letter, number))


@desk_page(Verb.MODERATE, proven_at=ALL)
@require_POST
def start(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Let it take out what was found."""
    return _do(request, letter, number, proposing.start, _("It runs. This page shows how far it is."))


@desk_page(Verb.MODERATE)
@require_POST
def cancel(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Stop it where it stands."""
    return _do(request, letter, number, proposing.cancel, _("Stopped."))


@desk_page(Verb.MODERATE)
@require_POST
def ask_to_reverse(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Propose to put back what it took out."""
    done = _("Asked for. Another moderator of this letter opens this page and puts them back.")
    return _do(request, letter, number, proposing.ask_to_reverse, done)


@desk_page(Verb.MODERATE, proven_at=ALL)
@require_POST
def reverse(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Put back what it took out."""
    return _do(request, letter, number, proposing.reverse, _("The signatures are put back now."))


def _do(request: HttpRequest, letter: Letter, number: int, act: Any, done: str) -> HttpResponse:
    try:
        act(_one(letter, number), by=staff_of(request))
    except proposing.OwnInvalidation:
        raise PermissionDenied from None
    except proposing.NotItsTurn:
        messages.error(request, _("Nothing was changed: it is not at that point, or no longer."))
        return _page(request, letter, _one(letter, number), status=409)
    messages.success(request, done)
    return redirect(ONE, slug=letter.slug, number=number)


def _page(request: HttpRequest, letter: Letter, row: Invalidation, *, status: int = 200) -> HttpResponse:
    matches = row.matches.select_related("signature").order_by("signature")[:SAMPLES]
    if asked := budget_desk.proof(request, letter, [match.signature_id for match in matches]):
        return asked
    done, of = row.progress()
    by = staff_of(request)
    context = {
        "invalidation": row,
        "samples": [match.signature for match in matches],
        "done": done,
        "of": of,
        "needs_another": proposing.needs_another(row),
        "is_mine": row.proposed_by_id == by.pk,
        "reversing_needs_another": proposing.needs_another_to_reverse(row, by=by),
        "is_asked_by_me": row.reversal_asked_by_id == by.pk,
        "others": others_who_may(Verb.MODERATE, letter, but=by).exists(),
    }
    return render_desk(request, "desk/invalidations/one.html", letter, status=status, **context)


def _one(letter: Letter, number: int) -> Invalidation:
    known = letter.invalidations.select_related(
        "letter", "proposed_by", "started_by", "reversed_by", "reversal_asked_by"
    )
    return get_object_or_404(known, pk=number)


def _like(request: HttpRequest, letter: Letter) -> Signature | None:
    public_id = request.POST.get("like") or request.GET.get("like")
    return letter.signatures.filter(public_id=public_id).first() if public_id else None
