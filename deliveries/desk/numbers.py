"""From a number alone to its page: a mail names no letter, so its link does not either."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from deliveries.models import Delivery, Release
from letters.desk import staff_of
from letters.permitting import Verb, letters_for


@login_required
@require_safe
def release(request: HttpRequest, number: int) -> HttpResponse:
    """To the release; 404 for who may not deliver its letter."""
    mine = letters_for(staff_of(request), Verb.DELIVER).values("pk")
    row = get_object_or_404(Release.objects.select_related("letter"), pk=number, letter__in=mine)
    return redirect("deliveries:release", row.letter.slug, row.pk)


@login_required
@require_safe
def delivery(request: HttpRequest, number: int) -> HttpResponse:
    """To the delivery; 404 for who may not deliver its letter."""
    return redirect("deliveries:delivery", slug_of_delivery(request, number), number)


def slug_of_delivery(request: HttpRequest, number: int) -> str:
    """The letter of a delivery that the reader may deliver; else 404."""
    mine = letters_for(staff_of(request), Verb.DELIVER).values("pk")
    rows = Delivery.objects.select_related("dossier__version__letter").only("dossier__version__letter__slug")
    return get_object_or_404(rows, pk=number, dossier__version__letter__in=mine).dossier.version.letter.slug
