"""The desk's list of second looks: at some of those that passed by themselves, apart from the queue."""

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from letters import countries
from letters.desk import desk_page, render_desk, staff_of
from letters.models import Letter
from letters.permitting import Verb
from scrutiny.reasons import SENTENCES
from signatories import budget_desk, looking
from signatories.desk_forms import DecisionForm
from signatories.models import Decision, SecondLook

SHOWN = 50


@require_safe
@desk_page(Verb.MODERATE)
def second_looks(request: HttpRequest, letter: Letter) -> HttpResponse:
    """What was drawn and nobody has looked at yet."""
    return _page(request, letter)


@desk_page(Verb.MODERATE)
@require_POST
def look(request: HttpRequest, letter: Letter, public_id: str) -> HttpResponse:
    """`act` is what was found: fine, a case for the queue, or none to stand."""
    row = get_object_or_404(SecondLook, signature__letter=letter, signature__public_id=public_id)
    act, by = request.POST.get("act", ""), staff_of(request)
    if act not in ("fine", "queue", "reject"):
        raise SuspiciousOperation
    form = DecisionForm(request.POST, verdict="reject")
    if act == "reject" and not form.is_valid():
        return _page(request, letter, wrong=public_id)
    try:
        if act == "fine":
            looking.find_fine(row, by=by)
        elif act == "queue":
            looking.take_into_queue(row, by=by)
        else:
            looking.reject(row, by=by, **form.said())
    except looking.LookedAtAlready:
        messages.warning(
            request, _("Nothing was changed: somebody was first, or it does not stand any more.")
        )
    else:
        messages.success(request, _done(act))
    return redirect("desk:second_looks", slug=letter.slug)


def _done(act: str) -> str:
    if act == "fine":
        return _("Noted. Nothing else has changed.")
    if act == "queue":
        return _("It waits in the queue, and does not count until it is decided.")
    return _("Rejected. It can be reinstated from the decisions.")


def _page(request: HttpRequest, letter: Letter, *, wrong: str = "") -> HttpResponse:
    due = looking.due(letter)
    drawn = list(due[:SHOWN])
    if asked := budget_desk.proof(request, letter, [row.signature_id for row in drawn]):
        return asked
    rows = [
        {
            "signature": row.signature,
            "day": row.day,
            "country": countries.name(row.signature.country),
            "suspicions": [_(SENTENCES[found["code"]]) for found in row.signature.suspicions],
        }
        for row in drawn
    ]
    context = {
        "rows": rows,
        "number": due.count(),
        "week": looking.of_week(letter),
        "grounds": Decision.Ground.choices,
        "wrong": wrong,
    }
    return render_desk(request, "desk/second_looks.html", letter, status=422 if wrong else 200, **context)
