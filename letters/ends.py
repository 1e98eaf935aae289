"""The desk page on which a published letter's end is moved."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from letters import closing, taking_down
from letters.desk import desk_page, render_desk, staff_of
from letters.forms import ClosingForm, TakeDownForm
from letters.models import Letter
from letters.permitting import Verb

REFUSALS = {
    closing.BeforeItOpens: gettext_lazy("A letter closes after it opens: choose a later moment."),
    closing.Over: gettext_lazy("This moment is over. Choose one that is still to come, or close at once."),
    closing.ClosedForGood: gettext_lazy("It has been closed for more than a month, and stays closed."),
}


@require_safe
@desk_page(Verb.PUBLISH)
def closing_page(request: HttpRequest, letter: Letter) -> HttpResponse:
    """When it closes, who moved that and why, and the form to move it."""
    end = None if letter.is_closed() else letter.closes_at  # a moment that is over is chosen by nobody
    return _page(request, letter, ClosingForm(initial={"closes_at": end}))


@desk_page(Verb.PUBLISH, proven_at="desk:closing")
@require_POST
def close(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Move the end, or close at once."""
    form = ClosingForm(request.POST)
    if not letter.is_public():
        raise Http404
    if not form.is_valid():
        return _page(request, letter, form)
    how: dict[str, Any] = {"reason": form.cleaned_data["reason"], "by": staff_of(request)}
    try:
        if request.POST.get("act") == "now":
            closing.close_at_once(letter, **how)
        else:
            closing.move(letter, to=form.cleaned_data["closes_at"], **how)
    except tuple(REFUSALS) as refused:
        form.add_error("closes_at", REFUSALS[type(refused)])
        return _page(request, letter, form)
    messages.success(request, _("Done. Readers see it within seconds."))
    return redirect("desk:closing", slug=letter.slug)


@desk_page(Verb.PUBLISH)
@require_safe
def take_down_page(request: HttpRequest, letter: Letter) -> HttpResponse:
    """What taking a letter down means, and the form that does it."""
    if not letter.is_public():
        raise Http404
    return render_desk(request, "desk/take_down.html", letter, form=TakeDownForm())


@desk_page(Verb.PUBLISH, proven_at="desk:take_down", by_passkey=True)
@require_POST
def take_down(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Take a letter from the public, for good."""
    form = TakeDownForm(request.POST)
    if not form.is_valid():
        return render_desk(request, "desk/take_down.html", letter, status=422, form=form)
    try:
        taking_down.take_down(letter, reason=form.cleaned_data["reason"], by=staff_of(request))
    except taking_down.NotPublic:
        raise Http404 from None
    messages.success(request, _("Taken down. Who has signed is told by mail."))
    return redirect("desk:letter", slug=letter.slug)


def _page(request: HttpRequest, letter: Letter, form: ClosingForm) -> HttpResponse:
    if not letter.is_public():
        raise Http404
    now = timezone.now()
    context: dict[str, Any] = {
        "form": form,
        "closings": letter.closings.select_related("by").order_by("-at"),
        "can_reopen": closing.can_reopen(letter, at=now),
        "is_closed": letter.is_closed(now),
    }
    return render_desk(request, "desk/closing.html", letter, status=422 if form.errors else 200, **context)
