"""The desk's pages of merging: finding the duplicate, seeing what moves, doing it, and taking it back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from letters import countries
from letters.desk import staff_of, title_of
from letters.models import Letter
from letters.permitting import Verb, letters_for
from merges import finding, merging, planning, undoing
from merges.models import Merge
from organisations.desk import PAGE, organisation_page
from organisations.models import Organisation
from organisations.permitting import organisations_of
from spaces.models import Membership

NOT_MERGED: dict[type[Exception], Any] = {
    merging.PlanChanged: gettext_lazy(
        "Nothing was done: something has changed since. This is how it is now."
    ),
    merging.LettersOfOthers: gettext_lazy(
        "Nothing was done: somebody who moderates those letters too has to do it."
    ),
    merging.PastChoosing: gettext_lazy("Nothing was done: both stand under a letter whose time is over."),
}
NOT_UNDONE: dict[type[Exception], Any] = {
    undoing.TooLate: gettext_lazy("Nothing was undone: 30 days are over, or it is undone already."),
    undoing.LaterMerge: gettext_lazy("Nothing was undone: undo the later merge first."),
    undoing.NamesChanged: gettext_lazy(
        "Nothing was undone: the name it had leads now, or was taken off. List it by another first."
    ),
    undoing.SignedSince: gettext_lazy(
        "Nothing was undone: by what was decided since, one of the two would stand twice under a letter."
    ),
    merging.LettersOfOthers: gettext_lazy(
        "Nothing was undone: somebody who moderates those letters too has to do it."
    ),
}


@require_safe
@organisation_page()
def choose(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Which other entry is the same organisation: those likely so, or what `q` finds."""
    words = request.GET.get("q", "")[:200]
    others = organisations_of(request.user).exclude(pk=organisation.pk)
    rows, count = finding.others(organisation, among=others, words=words)
    shown = [{"organisation": row, "country": countries.name(row.country)} for row in rows]
    context = {
        "organisation": organisation,
        "rows": shown,
        "words": words,
        "left_out": count - len(rows),
    }
    return render(request, "desk/merges/choose.html", context)


@organisation_page(is_proven=True)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, organisation: Organisation, other: str) -> HttpResponse:
    """What moves, side by side, and the button; `seen` says which plan was on the page."""
    gone = organisations_of(request.user).filter(public_id=other).exclude(pk=organisation.pk).first()
    if gone is None:
        return _not_there(request, organisation, other)
    if request.method != "POST":
        return _preview(request, organisation, gone)
    try:
        merging.merge(organisation, gone, seen=request.POST.get("seen", ""), by=staff_of(request))
    except tuple(NOT_MERGED) as refused:
        messages.error(request, NOT_MERGED[type(refused)])
    else:
        messages.success(request, _("They are one now. For 30 days that can be undone on this page."))
        return redirect(PAGE, organisation.public_id)
    return _preview(request, organisation, gone, status=409)


@organisation_page(is_proven=True)
@require_POST
def undo(request: HttpRequest, organisation: Organisation, number: int) -> HttpResponse:
    """Part the two again."""
    row = get_object_or_404(Merge.objects.select_related("kept", "gone"), kept=organisation, pk=number)
    try:
        undone = undoing.undo(row, by=staff_of(request))
    except tuple(NOT_UNDONE) as refused:
        messages.error(request, NOT_UNDONE[type(refused)])
    else:
        messages.success(request, _parted(undone))
    return redirect(PAGE, organisation.public_id)


def _not_there(request: HttpRequest, organisation: Organisation, other: str) -> HttpResponse:
    """Somebody else was quicker, or there is no such organisation."""
    if not Organisation.objects.filter(public_id=other, merged_into=organisation).exists():
        raise Http404
    messages.info(request, _("Nothing was done: somebody has merged it already."))
    return redirect(PAGE, organisation.public_id)


def _parted(undone: undoing.Undone) -> str:
    words = _("They are two again, as they were.")
    if not undone.out:
        return words
    stays_out = ngettext(
        "%(count)s signature stays out: it was withdrawn, erased or decided on since.",
        "%(count)s signatures stay out: they were withdrawn, erased or decided on since.",
        undone.out,
    )
    return f"{words} {stays_out % {'count': undone.out}}"


def _preview(
    request: HttpRequest, kept: Organisation, gone: Organisation, *, status: int = 200
) -> HttpResponse:
    by, plan = staff_of(request), planning.plan(kept, gone)
    mine = set(letters_for(by, Verb.MODERATE).values_list("pk", flat=True))
    out_of_reach = planning.out_of_reach(plan, by=by)
    context: dict[str, Any] = {
        "kept": kept,
        "gone": gone,
        "plan": plan,
        "sides": [_side(row, mine=mine) for row in (kept, gone)],
        "doubles": [
            {
                "title": title_of(double.goes.letter),
                "name": (kept if double.stays.organisation_id == kept.pk else gone).name,
                "is_counted": double.goes.is_standing(),
            }
            for double in plan.doubles
            if double.goes.letter_id in mine
        ],
        "out_of_reach": out_of_reach,
        "editors": [
            moving for moving in plan.members if moving.becomes != moving.row.role == Membership.Role.SPEAKER
        ],
        "can_merge": not out_of_reach and not plan.beyond,
    }
    return render(request, "desk/merges/merge.html", context, status=status)


def _side(row: Organisation, *, mine: set[int]) -> dict[str, Any]:
    """One of the two as the page shows it; of letters of others only under how many it is listed for all."""
    standing = row.signatures.confirmed().filter(rejected_at=None)
    signed = set(standing.values_list("letter", flat=True))
    listed = set(standing.filter(listing__isnull=False).values_list("letter", flat=True))
    letters = Letter.objects.filter(pk__in=signed & mine).order_by("-published_at", "pk")
    return {
        "organisation": row,
        "country": countries.name(row.country),
        "is_verified": row.is_verified(),
        "names": row.names.all(),
        "evidence": row.evidence.standing(),
        "titles": [title_of(letter) for letter in letters],
        "others": len(listed - mine),
        "members": row.members.count(),
    }
