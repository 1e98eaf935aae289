"""The neighbours of a signature that waits, from where one decides on them together."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from letters.desk import desk_page, render_desk, staff_of
from letters.models import Letter
from letters.permitting import Verb
from signatories import neighbours as finding
from signatories import queue

TITLES = {
    "domain": _("The same mail domain"),
    "name_key": _("The same name"),
    "network": _("The same network, within a day"),
}


@require_safe
@desk_page(Verb.MODERATE)
def neighbours(request: HttpRequest, letter: Letter, public_id: str) -> HttpResponse:
    """Who shares what with it: how many stand, and those that wait, to be ticked."""
    signature = get_object_or_404(letter.signatures, public_id=public_id)
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
