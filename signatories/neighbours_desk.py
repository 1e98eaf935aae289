"""The neighbours of a signature that waits, from where one decides on them together."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts import proving
from letters.desk import desk_page, render_desk, staff_of
from letters.models import Letter
from letters.permitting import Verb
from signatories import budgeting, queue
from signatories import neighbours as finding

TITLES = {
    "domain": _("The same mail domain"),
    "name_key": _("The same name"),
    "network": _("The same network, within a day"),
}


@require_safe
@desk_page(Verb.MODERATE)
def neighbours(request: HttpRequest, letter: Letter, public_id: str) -> HttpResponse:
    """Who shares what with it: how many stand, and those that wait, to be ticked.

    Who looks at very many proves every few minutes to be there.
    """
    signature = get_object_or_404(letter.signatures, public_id=public_id)
    if not budgeting.look(letter, by=staff_of(request)) and not proving.is_fresh(request):
        messages.warning(request, gettext("You have looked at very many signatures within this hour."))
        return proving.ask(request, then=request.path)
    found = finding.of(signature, most=queue.SHOWN - 1)
    numbers = {number for group in found for number in group.first}
    picked = letter.signatures.filter(pk__in=numbers)
    rows = {row.signature.pk: row for row in queue.chosen(letter, picked, to=staff_of(request))}
    groups: list[dict[str, Any]] = [
        {
            "title": TITLES[group.shared],
            "shared": group.shared,
            "standing": group.standing,
            "waiting": group.waiting,
            "rows": [rows[number] for number in group.first if number in rows],
        }
        for group in found
    ]
    return render_desk(
        request, "desk/neighbours.html", letter, signature=signature, own=queue.one(signature), groups=groups
    )
