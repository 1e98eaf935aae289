"""Deciding on several signatures of the queue in one step: seen once more, then approved or rejected."""

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from letters.desk import desk_page, render_desk, staff_of
from letters.models import Letter
from letters.permitting import Verb
from signatories import asking, bundling, claiming, moderating, queue
from signatories.desk_forms import DecisionForm
from signatories.models import Decision, Question
from signatories.models.signatures import SignatureQuerySet


@desk_page(Verb.MODERATE)
@require_POST
def together(request: HttpRequest, letter: Letter) -> HttpResponse:
    """What was ticked, once more; with `act`, decide on it. Whoever cannot follow is named."""
    verdict = request.POST.get("act", "")
    if verdict not in {"", *bundling.DECIDE}:
        raise SuspiciousOperation
    ticked = request.POST.getlist("signature")[: queue.SHOWN]
    picked = letter.signatures.filter(public_id__in=ticked)
    if not picked.exists():
        messages.warning(request, _("Nothing was ticked."))
        return redirect("desk:queue", slug=letter.slug)
    if not verdict:
        return _preview(request, letter, picked)
    form = DecisionForm(request.POST, verdict=verdict)
    if not form.is_valid():
        return _preview(request, letter, picked, wrong=verdict)
    _tell(request, bundling.decide(letter, picked, verdict, by=staff_of(request), **form.said()), verdict)
    claiming.renew(letter, by=staff_of(request))
    return redirect("desk:queue", slug=letter.slug)


def _preview(
    request: HttpRequest, letter: Letter, picked: SignatureQuerySet, *, wrong: str = ""
) -> HttpResponse:
    by = staff_of(request)
    claiming.claim(
        list(letter.signatures.waiting().filter(pk__in=picked).values_list("pk", flat=True)), by=by
    )
    rows = queue.chosen(letter, picked, to=by)
    return render_desk(
        request,
        "desk/together.html",
        letter,
        status=422 if wrong else 200,
        rows=rows,
        left_out=picked.exclude(pk__in=[row.signature.pk for row in rows]).order_by("pk"),
        grounds=[(ground.value, ground.label) for ground in Decision.Ground],
        topics=Question.Topic.choices,
        is_wrong=wrong in ("approve", "reject"),
        is_question_wrong=wrong == "ask",
    )


def _tell(request: HttpRequest, bundle: bundling.Bundle, verdict: str) -> None:
    count = len(bundle.done)
    if count:
        messages.success(request, _done(verdict, count) % {"count": count})
    for signature, why in bundle.left_out:
        said = {"name": signature.name_for_moderators() or "–", "why": _why(why)}
        messages.warning(request, _("Left as it was: %(name)s. %(why)s") % said)


def _done(verdict: str, count: int) -> str:
    if verdict == "approve":
        return ngettext("%(count)s approved.", "%(count)s approved together.", count)
    if verdict == "reject":
        return ngettext("%(count)s rejected.", "%(count)s rejected together.", count)
    return ngettext(
        "%(count)s asked. The mail leaves in ten minutes.",
        "%(count)s asked together. The mails leave in ten minutes.",
        count,
    )


def _why(why: Exception) -> str:
    if isinstance(why, claiming.ClaimedByAnother):
        return _("%(who)s is looking at it.") % {"who": why.claim.by}
    if isinstance(why, moderating.OrganisationAlreadySigned):
        return _("This organisation stands under the letter already.")
    if isinstance(why, asking.AskedEnough):
        return _("Its signer was asked three times within a week.")
    if isinstance(why, asking.NobodyToAsk):
        return _("No mail of ours reaches its signer.")
    return _("It does not wait any more.")
