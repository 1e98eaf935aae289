"""The desk page on which an owner archives a letter."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from letters.desk import desk_page, render_desk, staff_of
from letters.forms import ArchiveForm
from letters.models import Letter
from letters.permitting import Verb
from signatories import archiving

REFUSALS = {
    archiving.NotOver: gettext_lazy(
        "It can be archived once it has been closed for 30 days, or was taken down: until then it may be "
        "opened again."
    ),
    archiving.StillKept: gettext_lazy(
        "It can be archived once the addresses of who signed are erased: 30 days after the last delivery, "
        "and a year after closing at the latest. That happens by itself."
    ),
}


@desk_page(Verb.PUBLISH)
@require_safe
def archive_page(request: HttpRequest, letter: Letter) -> HttpResponse:
    """What archiving means, and the form that does it, or why it cannot be done yet."""
    return _page(request, letter, ArchiveForm())


@desk_page(Verb.PUBLISH, proven_at="desk:archive", by_passkey=True)
@require_POST
def archive(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Archive a letter: the names on its list go for ever."""
    form = ArchiveForm(request.POST)
    if not form.is_valid():
        return _page(request, letter, form)
    try:
        archiving.archive(letter, by=staff_of(request))
    except archiving.Archived:
        raise Http404 from None
    except tuple(REFUSALS):
        return _page(request, letter, form, status=409)
    messages.success(request, _("Archived. The names are gone from its list."))
    return redirect("desk:letter", slug=letter.slug)


def _page(request: HttpRequest, letter: Letter, form: ArchiveForm, *, status: int = 0) -> HttpResponse:
    status, reason = status or (422 if form.errors else 200), ""
    try:
        archiving.check(letter)
    except archiving.Archived:
        raise Http404 from None
    except tuple(REFUSALS) as refused:
        reason = str(REFUSALS[type(refused)])
    return render_desk(request, "desk/archive.html", letter, status=status, form=form, reason=reason)
