"""What moderators have asked signers and wait for, and deciding without an answer."""

from django.contrib import messages
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from letters.desk import desk_page, render_desk, staff_of
from letters.models import Letter
from letters.permitting import Verb
from signatories import moderating
from signatories.models import Question

SHOWN = 100


@require_safe
@desk_page(Verb.MODERATE)
def asked(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Whose answers are waited for, those first that wait the longest in all."""
    moments = ("signature__held_at", "signature__corrected_at", "signature__reported_at")
    rows = Question.objects.open().filter(signature__letter=letter).annotate(waits_since=Coalesce(*moments))
    rows = rows.select_related("signature", "asked_by").order_by("waits_since", "pk")
    return render_desk(request, "desk/asked.html", letter, rows=rows[:SHOWN])


@desk_page(Verb.MODERATE)
@require_POST
def wait_no_longer(request: HttpRequest, letter: Letter, public_id: str) -> HttpResponse:
    """Put it back into the queue at its old place."""
    signature = get_object_or_404(letter.signatures, public_id=public_id)
    try:
        moderating.wait_no_longer(signature, by=staff_of(request))
    except moderating.NotWaiting:
        messages.warning(request, _("Nothing was changed: no answer is waited for any more."))
        return redirect("desk:asked", slug=letter.slug)
    messages.success(request, _("It is in the queue again, at its old place."))
    return redirect("desk:queue", slug=letter.slug)
