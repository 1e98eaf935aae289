"""The desk pages on which a letter's delivery is proposed, looked at, and approved by somebody else."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import trail
from deliveries import ending, explaining, preparing, releasing, trying
from deliveries.desk.forms import ReleaseForm
from deliveries.desk.papers import NOT_SIGNED, volumes_as_file
from deliveries.models import Delivery, Dossier, DossierDestroyed, Release
from deliveries.papers import rendering, stamping
from letters.desk import desk_page, render_desk, staff_of
from letters.models import Letter
from letters.permitting import NOT_KNOWN_YET, Verb, others_who_may

HERE = "deliveries:deliveries"
SHOWN = 50


@require_safe
@desk_page(Verb.DELIVER)
def deliveries(request: HttpRequest, letter: Letter) -> HttpResponse:
    """How far the letter has got with each office, and what is proposed."""
    return _deliveries(request, letter)


@desk_page(Verb.DELIVER)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Propose to deliver: the letter, or with `after` a supplement to those who have that part."""
    if not _may_leave(letter):
        raise Http404
    after = _part(letter, request.GET.get("after", ""))
    offices = preparing.free(letter, after=after)
    form = ReleaseForm(request.POST or None, offices=offices)
    if request.method == "POST" and form.is_valid():
        facts = {name: value for name, value in form.cleaned_data.items() if name != "when"}
        try:
            release = releasing.propose(letter, by=staff_of(request), after=after, **facts)
        except releasing.NothingToRelease:
            messages.error(request, _("Nothing was proposed: somebody else was quicker."))
            return redirect("deliveries:deliveries", letter.slug)
        messages.success(request, _("Proposed. It is prepared now; then somebody else approves it."))
        return redirect("deliveries:release", letter.slug, release.pk)
    context = {"form": form, "offices": offices, "after": after, "others": _others(request, letter)}
    return render_desk(
        request, "deliveries/desk/new.html", letter, status=422 if form.errors else 200, **context
    )


@require_safe
@desk_page(Verb.DELIVER)
def release(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """One release: what would leave, for whom, and what has become of it."""
    return _release_page(request, letter, _release(letter, number))


@desk_page(Verb.DELIVER, proven_at=HERE, by_passkey=True)
@require_POST
def approve(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Let the manifest that was looked at go; nobody does that for their own."""
    row = _release(letter, number)
    try:
        releasing.approve(row, manifest_hash=request.POST.get("sha256", ""), by=staff_of(request))
    except releasing.OwnRelease:
        raise PermissionDenied from None
    except releasing.NotKnownYet:
        messages.error(request, NOT_KNOWN_YET)
        return _release_page(request, letter, row, status=409)
    except releasing.NotThatManifest:
        ending.holds(releasing.fresh(row))
        messages.error(request, _("Nothing leaves: it is not, or no longer, what you saw."))
        return _release_page(request, letter, _release(letter, number), status=409)
    messages.success(request, _("Approved. What goes by e-mail leaves by itself."))
    return redirect("deliveries:release", letter.slug, row.pk)


@desk_page(Verb.DELIVER, proven_at=HERE)
@require_POST
def cancel(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Call off what has not left."""
    row = _release(letter, number)
    try:
        ending.cancel(row, by=staff_of(request))
    except ending.TooLate:
        messages.error(request, _("Nothing was changed: all of it has left, or it is over."))
    else:
        messages.success(request, _("Called off. What had left is out of reach."))
    return redirect("deliveries:release", letter.slug, row.pk)


@desk_page(Verb.DELIVER, proven_at=HERE)
@require_POST
def try_out(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Mail what each office would get by e-mail to who asks for it, without names that only offices see."""
    row = _release(letter, number)
    try:
        trying.try_out(row, by=staff_of(request))
    except releasing.NothingToShow:
        raise Http404 from None
    messages.success(request, _("Mailed to you, with [TEST] before the subject. No office got anything."))
    return redirect("deliveries:release", letter.slug, row.pk)


@desk_page(Verb.DELIVER, proven_at=HERE)
@require_POST
def paper(request: HttpRequest, letter: Letter, number: int, office: int) -> HttpResponse:
    """The paper as an office would get it at this moment; that somebody saw it stands on the trail.

    Who has proposed it finds in it only the names that everybody sees. Several volumes come as one ZIP.
    """
    row = _release(letter, number)
    recipient = get_object_or_404(row.recipients, pk=office)
    try:
        edition = releasing.edition_for(row, recipient, by=staff_of(request))
    except (releasing.NothingToShow, DossierDestroyed):
        raise Http404 from None
    volumes = rendering.volumes(edition, recipient=recipient)
    try:
        papers = [stamping.stamp(volume, is_timed=False) for volume in volumes]
    except tuple(NOT_SIGNED) as error:
        messages.error(request, NOT_SIGNED[type(error)])
        return _release_page(request, letter, row, status=503)
    trail.record("paper looked at", about=row, by=staff_of(request), letter=letter.pk)
    return volumes_as_file(papers, name=f"{letter.slug}-{row.pk}")


def _deliveries(request: HttpRequest, letter: Letter, *, status: int = 200) -> HttpResponse:
    rows = Delivery.objects.of(letter).prefetch_related("reports")
    may_leave = _may_leave(letter)
    context = {
        "may_leave": may_leave,
        "deliveries": rows.light(),
        "releases": letter.releases.select_related("proposed_by", "approved_by")[:SHOWN],
        "unserved": preparing.free(letter) if may_leave else (),
        "parts": _parts_to_follow(letter) if may_leave else (),
        "others": _others(request, letter),
    }
    return render_desk(request, "deliveries/desk/deliveries.html", letter, status=status, **context)


def _release_page(request: HttpRequest, letter: Letter, row: Release, *, status: int = 200) -> HttpResponse:
    rows = Delivery.objects.of(letter).filter(release=row).light()
    context: dict[str, Any] = {
        "release": row,
        "why": explaining.why(row),
        "is_shown": trying.can_be_tried(row),
        "offices": row.recipients.order_by("order", "pk"),
        "are_two": releasing.are_two(row, staff_of(request)),
        "not_known_yet": NOT_KNOWN_YET,
        "deliveries": rows,
        "others": _others(request, letter),
    }
    return render_desk(request, "deliveries/desk/release.html", letter, status=status, **context)


def _may_leave(letter: Letter) -> bool:
    return letter.is_public() and letter.archived_at is None


def _parts_to_follow(letter: Letter) -> list[dict[str, Any]]:
    """The parts that offices have and that more have signed since, each with the offices that have it."""
    last: dict[int, list[str]] = defaultdict(list)
    for delivery in preparing.served(letter):
        last[delivery.dossier_id].append(delivery.recipient.office)
    dossiers = Dossier.objects.filter(pk__in=last).light()
    told = [(dossier, preparing.joined_since(dossier)) for dossier in dossiers.select_related("version")]
    return [
        {"dossier": dossier, "offices": len(last[dossier.pk]), "names": last[dossier.pk], "new": new}
        for dossier, new in told
        if new
    ]


def _part(letter: Letter, given: str) -> Dossier | None:
    """The part that a supplement would follow. Raises Http404 where nobody has it, or nothing new came."""
    if not given:
        return None
    known = {str(part["dossier"].pk): part["dossier"] for part in _parts_to_follow(letter)}
    if given not in known:
        raise Http404
    return known[given]


def _release(letter: Letter, number: int) -> Release:
    rows = letter.releases.select_related("letter", "version", "dossier", "proposed_by", "approved_by")
    return get_object_or_404(rows.light(), pk=number)


def _others(request: HttpRequest, letter: Letter) -> bool:
    return others_who_may(Verb.DELIVER, letter, but=staff_of(request)).exists()
