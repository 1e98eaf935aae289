"""What the desk gives out about one delivery, for who has to bring it or to prove it."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts import trail
from deliveries.desk.deliveries import HERE, one_delivery
from deliveries.models import Delivery, DossierDestroyed
from deliveries.papers import bringing
from deliveries.proofs import casing, certifying
from letters.desk import desk_page, staff_of
from letters.models import Letter
from letters.permitting import Verb


@desk_page(Verb.DELIVER)
@require_POST
def certificate(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """The certificate of what has left, in the reader's language."""
    row = one_delivery(letter, number)
    try:
        content = certifying.certify(row)
    except certifying.NotSent:
        raise Http404 from None
    trail.record("certificate of delivery", about=row, by=staff_of(request), letter=letter.pk)
    return _file(content, name=_name(letter, row, "certificate.pdf"), content_type="application/pdf")


@desk_page(Verb.DELIVER, proven_at=HERE)
@require_POST
def case_file(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Everything about what has left, in one file; that somebody took it stands on the trail."""
    row = one_delivery(letter, number)
    try:
        content = casing.build(row)
    except certifying.NotSent:
        raise Http404 from None
    trail.record("case file", about=row, by=staff_of(request), letter=letter.pk)
    return _file(content, name=_name(letter, row, "case.zip"), content_type="application/zip")


@desk_page(Verb.DELIVER)
@require_POST
def cover(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """A first page whose address shows in an envelope's window."""
    return _to_bring(letter, number, bringing.cover, "cover.pdf")


@desk_page(Verb.DELIVER)
@require_POST
def receipt(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """A page for the office to stamp."""
    return _to_bring(letter, number, bringing.receipt, "receipt.pdf")


def _to_bring(letter: Letter, number: int, make: Callable[[Delivery], bytes], what: str) -> HttpResponse:
    row = one_delivery(letter, number)
    try:
        content = make(row)
    except (bringing.NotHeld, DossierDestroyed):
        raise Http404 from None
    return _file(content, name=_name(letter, row, what), content_type="application/pdf")


def _name(letter: Letter, row: Delivery, what: str) -> str:
    return f"{letter.slug}-{row.pk}-{what}"


def _file(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=content_type, headers=headers)
