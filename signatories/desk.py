"""The desk: letters one works on, the queue of what waits for a moderator, and what was decided."""

import hashlib
import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import SuspiciousOperation
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import trail
from letters import writing
from letters.desk import desk_page, render_desk, staff_of, title_of
from letters.models import Letter, LetterQuerySet
from letters.permitting import Verb, letters_of, may
from outbox.models import Alert
from signatories import moderating, queue
from signatories.enrolled import exporting
from signatories.forms import DecisionForm
from signatories.judging import reviewing
from signatories.models import Decision, Signature, Tally

DECISIONS_SHOWN = 100
ALERTS_SHOWN = 20
GOVERNMENT = "government"
DECIDE = {"approve": moderating.approve, "reject": moderating.reject, "reinstate": moderating.reinstate}


@require_safe
@login_required
def letters(request: HttpRequest) -> HttpResponse:
    """The letters one works on, each with what waits."""
    mine = letters_of(request.user).with_text()
    moderated = {letter.pk for letter in mine if may(request.user, Verb.MODERATE, letter)}
    waiting = _waiting(moderated)
    rows = [
        {
            "letter": letter,
            "title": title_of(letter),
            "waiting": waiting.get(letter.pk),
            "may_moderate": letter.pk in moderated,
        }
        for letter in mine
    ]
    return render(request, "desk/letters.html", {"rows": rows, "alerts": _alerts(mine)})


def _alerts(letters: LetterQuerySet) -> list[Alert]:
    """What somebody should look at: about the site, or about one of these letters."""
    mine = [f"letter {letter.pk}" for letter in letters]
    return list(Alert.objects.open().filter(about__in=["", *mine])[:ALERTS_SHOWN])


def _waiting(letters: set[int]) -> dict[int, Any]:
    """How many signatures wait under each letter and since when, in one query."""
    found = Signature.objects.waiting().filter(letter__in=letters).order_by().values("letter")
    return {row["letter"]: row for row in found.annotate(count=Count("pk"), oldest=Min("waits_since"))}


@require_safe
@desk_page(Verb.SEE)
def letter(request: HttpRequest, letter: Letter) -> HttpResponse:
    """One letter at a glance: where it stands, and what one may do with it."""
    tally = Tally.objects.filter(version=letter.current_id).first()
    waiting = _waiting({letter.pk}).get(letter.pk)
    draft = writing.draft_of(letter)
    rate = reviewing.rate(letter) if may(request.user, Verb.MODERATE, letter) else None
    return render_desk(
        request, "desk/letter.html", letter, tally=tally, waiting=waiting, draft=draft, rate=rate
    )


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
    form = DecisionForm(request.POST, needs_reason=verdict != "approve")
    back = _decisions if verdict == "reinstate" else _queue
    if not form.is_valid():
        return back(request, letter, wrong=public_id, status=422)
    try:
        decided = DECIDE[verdict](signature, by=staff_of(request), **_answers(form, verdict))  # type: ignore[operator]
    except moderating.NotWaiting:
        messages.warning(request, _already(signature))
    except moderating.OrganisationAlreadySigned:
        messages.error(
            request,
            _("Nothing was changed: this organisation stands under the letter already. Reject this one."),
        )
    else:
        messages.success(request, _done(letter, verdict, is_confirmed=decided.confirmed_at is not None))
    return redirect("desk:decisions" if verdict == "reinstate" else "desk:queue", slug=letter.slug)


def _answers(form: DecisionForm, verdict: str) -> dict[str, str]:
    reason = {"reason": form.cleaned_data["reason"]}
    return reason | {"ground": form.cleaned_data["ground"]} if verdict == "reject" else reason


def _done(letter: Letter, verdict: str, *, is_confirmed: bool) -> str:
    if verdict == "reject":
        return _("Rejected. It can be reinstated from the decisions.")
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


@require_safe
@desk_page(Verb.MODERATE)
def decisions(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Who decided what, when and why."""
    return _decisions(request, letter)


@desk_page(Verb.EXPORT, proven_at="desk:letter")
@require_POST
def export(request: HttpRequest, letter: Letter) -> HttpResponse:
    """The list as the governments addressed may know it, as CSV; who took it is on the trail."""
    if letter.current is None:
        raise Http404
    rows = list(exporting.rows(letter, profile=GOVERNMENT))
    content = exporting.to_csv(rows, profile=GOVERNMENT)
    trail.record(
        "exported",
        about=letter,
        by=staff_of(request),
        profile=GOVERNMENT,
        format="csv",
        rows=len(rows),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{letter.slug}-{GOVERNMENT}.csv"'
    return response


def _queue(request: HttpRequest, letter: Letter, *, wrong: str = "", status: int = 200) -> HttpResponse:
    waiting = _waiting({letter.pk}).get(letter.pk)
    page = _page_number(request)
    shown = page * queue.SHOWN
    context = {
        "waiting": waiting,
        "rows": queue.first(letter, after=shown - queue.SHOWN),
        "page": page,
        "next": page + 1 if waiting and waiting["count"] > shown else None,
        "wrong": wrong,
    }
    return render_desk(request, "desk/queue.html", letter, status=status, **context)


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
