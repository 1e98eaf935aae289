"""The desk pages on which a list is asked for, looked at, approved by somebody else, and taken out."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from exports import proposing, releasing
from exports.forms import ExportForm
from exports.models import Export, Format
from letters.desk import desk_page, render_desk, staff_of
from letters.models import Letter
from letters.permitting import NOT_KNOWN_YET, Verb, others_who_may
from signatories.enrolled import exporting

SHOWN = 50
TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON: "application/json",
    Format.PDF: "application/pdf",
}


@require_safe
@desk_page(Verb.EXPORT)
def exports(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Every list that was asked for, the newest first, with what one may do with each."""
    return _exports(request, letter)


@desk_page(Verb.EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Ask for a list: `look` shows its columns and some of its rows, `propose` has it built."""
    if letter.current is None:
        raise Http404
    form = ExportForm(request.POST or None, letter=letter)
    context: dict[str, Any] = {"form": form, "others": _others(request, letter)}
    if request.method == "POST" and form.is_valid():
        export = form.save(commit=False)
        if "propose" in request.POST:
            proposing.propose(letter, export, by=staff_of(request))
            messages.success(request, _("Proposed. It is built now; then somebody else approves it."))
            return redirect("desk:exports", slug=letter.slug)
        context |= {"columns": export.columns, "rows": _sample(letter, export, by=staff_of(request))}
    return render_desk(request, "desk/new_export.html", letter, status=422 if form.errors else 200, **context)


@desk_page(Verb.EXPORT, proven_at="desk:exports", by_passkey=True)
@require_POST
def approve(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Let the file that was looked at leave; nobody does that for their own."""
    export = _export(letter, number)
    try:
        releasing.approve(export, sha256=request.POST.get("sha256", ""), by=staff_of(request))
    except releasing.OwnExport:
        raise PermissionDenied from None
    except releasing.NotKnownYet:
        messages.error(request, NOT_KNOWN_YET)
        return _exports(request, letter, status=409)
    except releasing.NotThatFile:
        messages.error(request, _("Nothing was changed: it is not, or no longer, the file that you saw."))
        return _exports(request, letter, status=409)
    messages.success(request, _("Approved. It can be taken out once within 30 minutes."))
    return redirect("desk:exports", slug=letter.slug)


@desk_page(Verb.EXPORT, proven_at="desk:exports")
@require_POST
def take(request: HttpRequest, letter: Letter, number: int) -> HttpResponseBase:
    """The file itself, once."""
    export = _export(letter, number)
    try:
        file = releasing.take(export, by=staff_of(request))
    except releasing.NotOpen:
        messages.error(request, _("Closed: a list leaves once, within 30 minutes of its approval."))
        return _exports(request, letter, status=410)
    except releasing.NotThatFile:
        messages.error(
            request, _("Nothing left: the file is not the one that was approved. Propose a new one.")
        )
        return _exports(request, letter, status=409)
    return FileResponse(
        file.content, as_attachment=True, filename=file.name, content_type=TYPES[Format(export.format)]
    )


@desk_page(Verb.EXPORT)
@require_POST
def cancel(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Stop a list wherever it stands."""
    try:
        proposing.cancel(_export(letter, number), by=staff_of(request))
    except proposing.TooLate:
        messages.error(request, _("Nothing was changed: it is over already."))
    else:
        messages.success(request, _("Cancelled. Nothing of the list is kept."))
    return redirect("desk:exports", slug=letter.slug)


def _exports(request: HttpRequest, letter: Letter, *, status: int = 200) -> HttpResponse:
    known = letter.exports.select_related("letter", "proposed_by", "approved_by", "taken_by").defer("key")
    context = {"exports": known[:SHOWN], "others": _others(request, letter)}
    return render_desk(request, "desk/exports.html", letter, status=status, **context)


def _others(request: HttpRequest, letter: Letter) -> bool:
    return others_who_may(Verb.EXPORT, letter, but=staff_of(request)).exists()


def _export(letter: Letter, number: int) -> Export:
    return get_object_or_404(letter.exports.select_related("letter", "version"), pk=number)


def _sample(letter: Letter, export: Export, *, by: User) -> list[list[Any]]:
    """Some rows of what the list would be, as it would write them."""
    lines = proposing.look(letter, export, by=by)
    rows = exporting.numbered(lines, version=export.version, profile=export.profile)
    return [[exporting.harmless(str(cell)) for cell in row.values()] for row in rows]
