"""The queue of what waits for a moderator, what they decide there, and what they take back."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from letters.desk import desk_page, render_desk, staff_of
from letters.models import Letter
from letters.permitting import Verb
from signatories import asking, budget_desk, bundling, claiming, moderating, queue, undoing
from signatories.desk_forms import DecisionForm
from signatories.models import Claim, Decision, Signature

DECISIONS_SHOWN = 100
DECIDE: dict[str, Callable[..., Signature]] = {**bundling.DECIDE, "reinstate": moderating.reinstate}


@require_safe
@desk_page(Verb.MODERATE)
def queue_of(request: HttpRequest, letter: Letter) -> HttpResponse:
    """What waits for a moderator, a page at a time; `page` says which."""
    return _queue(request, letter)


@desk_page(Verb.MODERATE)
@require_POST
def decide(request: HttpRequest, letter: Letter, public_id: str) -> HttpResponse:
    """One decision, `act`, about one signature of this letter. Who comes second only learns who was first."""
    verdict = request.POST.get("act", "")
    if verdict not in DECIDE:
        raise SuspiciousOperation
    signature = get_object_or_404(letter.signatures, public_id=public_id)
    form = DecisionForm(request.POST, verdict=verdict)
    if not form.is_valid():
        return _wrong(request, letter, signature, verdict)
    try:
        decided = DECIDE[verdict](signature, by=staff_of(request), **form.said())
    except moderating.NotWaiting:
        messages.warning(request, _already(signature))
    except claiming.ClaimedByAnother as error:
        messages.warning(request, _held_by(error.claim))
    except asking.AskedEnough:
        messages.error(request, _("Nothing was changed: its signer was asked three times within a week."))
        return _answer(request, letter, signature)
    except asking.NobodyToAsk:
        messages.error(request, _("Nothing was changed: no mail of ours reaches its signer."))
        return _answer(request, letter, signature)
    except moderating.OrganisationAlreadySigned:
        messages.error(
            request,
            _("Nothing was changed: this organisation stands under the letter already. Reject this one."),
        )
        return _answer(request, letter, signature)
    else:
        messages.success(request, _done(letter, verdict, is_confirmed=decided.confirmed_at is not None))
    if verdict == "reinstate":
        return redirect("desk:decisions", slug=letter.slug)
    claiming.renew(letter, by=staff_of(request))
    return _answer(request, letter)


def _wrong(request: HttpRequest, letter: Letter, signature: Signature, verdict: str) -> HttpResponse:
    if verdict == "reinstate":
        return _decisions(request, letter, wrong=signature.public_id, status=422)
    wrong = {"wrong_question" if verdict == "ask" else "wrong": signature.public_id}
    if _spares_reload(request):
        return _part(request, letter, signature, status=422, **wrong)
    return _queue(request, letter, status=422, **wrong)


def _answer(request: HttpRequest, letter: Letter, signature: Signature | None = None) -> HttpResponse:
    """Back to the queue; a page that spares reloads gets what has changed, and the signature if it waits."""
    if _spares_reload(request):
        return _part(request, letter, signature)
    return redirect("desk:queue", slug=letter.slug)


def _spares_reload(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _part(
    request: HttpRequest,
    letter: Letter,
    signature: Signature | None,
    *,
    status: int = 200,
    **wrong: str,
) -> HttpResponse:
    context = _what_waits(request, letter) | {"row": queue.one(signature) if signature else None}
    return render_desk(request, "desk/decided.html", letter, status=status, **context, **wrong)


def _what_waits(request: HttpRequest, letter: Letter) -> dict[str, object]:
    last = undoing.undoable(letter, by=staff_of(request)).first()
    numbers = queue.in_numbers(letter)
    return {
        "waiting": numbers.get("waiting"),
        "asked": numbers.get("asked"),
        "last": last,
        "last_together": undoing.together_with(last).count() if last and last.together else 0,
    }


def _held_by(claim: Claim) -> str:
    until = timezone.localtime(claim.until)
    return _("Nothing was changed: %(who)s is looking at it, until %(time)s at least.") % {
        "who": claim.by,
        "time": f"{until:%H:%M}",
    }


@desk_page(Verb.MODERATE)
@require_POST
def claim(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Keep what the page shows for its moderator; what another has taken meanwhile is not shown any more."""
    shown = request.POST.getlist("signature")[: queue.SHOWN]
    waiting = letter.signatures.waiting().filter(public_id__in=shown)
    numbers = list(waiting.values_list("pk", flat=True))
    taken = claiming.claim(numbers, by=staff_of(request))
    if _spares_reload(request):
        is_current = taken == len(shown)
        return HttpResponse(status=204, headers={} if is_current else {"HX-Refresh": "true"})
    messages.success(request, _("Nobody else decides on these for five minutes."))
    return redirect("desk:queue", slug=letter.slug)


def _done(letter: Letter, verdict: str, *, is_confirmed: bool) -> str:
    if verdict == "reject":
        return _("Rejected. It can be reinstated from the decisions.")
    if verdict == "ask":
        return _("Asked. The mail leaves in ten minutes, unless you undo it.")
    if not is_confirmed:
        return _("Done. Its mail leaves now, and it counts once its owner confirms it.")
    if letter.is_at_risk():
        return _("Done. It counts with the letter's next batch, within a quarter of an hour.")
    return _("Done. It counts within seconds.")


def _already(signature: Signature) -> str:
    last = signature.decisions.exclude(by=None).select_related("by").last()
    if last is None or Signature.objects.filter(pk=signature.pk, withdrawn_at__isnull=False).exists():
        return _("Nothing was changed: the signer has withdrawn or erased this signature meanwhile.")
    return _("Nothing was changed: %(who)s was first and has %(what)s this signature.") % {
        "who": last.by,
        "what": last.get_verdict_display(),
    }


@desk_page(Verb.MODERATE)
@require_POST
def undo(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Take one's own decision back, while ten minutes are not over."""
    mine = Decision.objects.select_related("signature").filter(by=staff_of(request))
    decision = get_object_or_404(mine, signature__letter=letter, pk=number)
    if decision.together:
        return _undo_together(request, letter, decision)
    try:
        undone = undoing.undo(decision, by=staff_of(request))
    except undoing.TooLate:
        messages.warning(request, _("Nothing was changed: ten minutes are over, or it is undone already."))
    except undoing.SomethingHappenedSince:
        messages.warning(request, _("Nothing was changed: the signature has changed since."))
    except moderating.OrganisationAlreadySigned:
        messages.error(request, _("Nothing was changed: this organisation stands under the letter already."))
    else:
        messages.success(request, _undone(undone))
    return _answer(request, letter, decision.signature)


def _undo_together(request: HttpRequest, letter: Letter, decision: Decision) -> HttpResponse:
    try:
        undone = bundling.undo(decision, by=staff_of(request))
    except undoing.TooLate:
        messages.warning(request, _("Nothing was changed: ten minutes are over, or it is undone already."))
        return _answer(request, letter)
    if undone.done:
        told = ngettext("Undone: %(count)s signature.", "Undone: %(count)s signatures.", len(undone.done))
        messages.success(request, told % {"count": len(undone.done)})
    if undone.was_mailed:
        messages.warning(
            request,
            _(
                "Mails that ask their owners to confirm had left already; if they do, nothing counts sooner "
                "than you decide."
            ),
        )
    for left_out in undone.left_out:
        messages.warning(
            request, _("Not undone: %(name)s.") % {"name": left_out.signature.name_for_moderators() or "–"}
        )
    if _spares_reload(request):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect("desk:queue", slug=letter.slug)


def _undone(undone: undoing.Undone) -> str:
    if not undone.signature.is_waiting():
        return _("Undone: it is rejected again.")
    if undone.was_mailed:
        return _(
            "Undone: it waits again. The mail that asks its owner to confirm had left already; if they do, "
            "it counts no sooner than you decide."
        )
    return _("Undone: it waits again.")


@require_safe
@desk_page(Verb.MODERATE)
def decisions(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Who decided what, when and why."""
    return _decisions(request, letter)


def _queue(request: HttpRequest, letter: Letter, *, status: int = 200, **wrong: str) -> HttpResponse:
    context = _what_waits(request, letter)
    page = _page_number(request)
    shown = page * queue.SHOWN
    waiting: Any = context["waiting"]
    rows = queue.first(letter, after=shown - queue.SHOWN, to=staff_of(request))
    if asked := budget_desk.proof(request, letter, [row.signature.pk for row in rows]):
        return asked
    context |= {
        "rows": rows,
        "others": claiming.others(letter, but_for=staff_of(request)),
        "page": page,
        "next": page + 1 if waiting and waiting["count"] > shown else None,
    }
    return render_desk(request, "desk/queue.html", letter, status=status, **context, **wrong)


def _page_number(request: HttpRequest) -> int:
    """Which page of the queue is asked for; the first, if that is no number."""
    page = request.GET.get("page", "")
    return max(int(page), 1) if re.fullmatch("[0-9]{1,5}", page) else 1


def _decisions(request: HttpRequest, letter: Letter, *, wrong: str = "", status: int = 200) -> HttpResponse:
    made = Decision.objects.filter(signature__letter=letter).exclude(by=None).order_by("-at", "-pk")
    shown = list(made.select_related("signature", "by")[:DECISIONS_SHOWN])
    # only the latest decision about a signature can be taken back
    latest = {decision.signature_id: decision.pk for decision in reversed(shown)}.values()
    return render_desk(
        request, "desk/decisions.html", letter, status=status, decisions=shown, latest=latest, wrong=wrong
    )
