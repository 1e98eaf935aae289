"""The desk pages on which the text of a published letter is changed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from letters import amending, writing
from letters.desk import desk_page, render_desk, staff_of
from letters.models import Letter
from letters.permitting import Verb


@require_safe
@desk_page(Verb.WRITE)
def change(request: HttpRequest, letter: Letter) -> HttpResponse:
    """What changing a published text means, and where it begins."""
    if not letter.is_public():
        raise Http404
    return render_desk(request, "desk/change.html", letter, draft=writing.draft_of(letter))


@desk_page(Verb.WRITE)
@require_POST
def begin(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Begin the next version, or go on with it."""
    try:
        amending.begin(letter, by=staff_of(request))
    except amending.NotOpen:
        messages.error(request, _("Nothing was changed: only the text of an open letter can be."))
        return redirect("desk:letter", slug=letter.slug)
    return redirect("desk:draft", slug=letter.slug)


@desk_page(Verb.WRITE)
@require_POST
def discard(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Throw the next version away."""
    try:
        amending.discard(letter, by=staff_of(request))
    except amending.NothingToDiscard:
        raise Http404 from None
    messages.success(request, _("Thrown away. The text that is signed stays as it is."))
    return redirect("desk:letter", slug=letter.slug)
