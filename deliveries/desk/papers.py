"""What the desk gives out about one delivery, for who has to bring it or to prove it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts import trail
from deliveries import handing, links, recording
from deliveries.desk.deliveries import HERE, one_delivery, print_first, shown_again
from deliveries.dossiers import parting
from deliveries.models import Delivery, DossierDestroyed
from deliveries.papers import bringing, certificates, stamping
from deliveries.proofs import cases, certifying
from letters.desk import desk_page, staff_of
from letters.models import Letter
from letters.permitting import Verb

NOT_GIVEN_OUT: dict[type[Exception], Any] = {
    recording.NotThatWay: _("There is nothing to bring: it has left, was called off, or was changed."),
    handing.NeedsAnother: _(
        "It was approved to leave by mail, so somebody prints it who has not proposed it, and who under a "
        "letter at risk has had the role for three days."
    ),
    DossierDestroyed: _("There is no paper any more: the names of this dossier were destroyed in time."),
}
# Answered by 503: the paper is made as soon as somebody else's server, or the operator, is there again
NOT_SIGNED: dict[type[Exception], Any] = {
    stamping.NoTimeStamp: _(
        "Nothing was made: the authority that stamps papers with the time does not answer. Try again later."
    ),
    certificates.CertificateUnusable: _(
        "Nothing was made: the site’s certificate cannot be used. Tell the operator, and try again later."
    ),
}


@desk_page(Verb.DELIVER)
@require_POST
def certificate(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """The certificate of what has left, in the reader's language."""
    row = one_delivery(letter, number)
    try:
        content = certifying.certify(row)
    except certifying.NotSent:
        raise Http404 from None
    except tuple(NOT_SIGNED) as error:
        return _not_signed(request, letter, row, error)
    trail.record("certificate of delivery", about=row, by=staff_of(request), letter=letter.pk)
    return _file(content, name=_name(letter, row, "certificate.pdf"), content_type="application/pdf")


@desk_page(Verb.DELIVER, proven_at=HERE)
@require_POST
def case_file(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Everything about what has left, in one file; that somebody took it stands on the trail.

    With `names` also the mail as it left, for who is not alone in that; all who deliver the letter are told.
    """
    row = one_delivery(letter, number)
    is_whole = "names" in request.POST
    try:
        content = handing.case_file(row, by=staff_of(request), is_whole=is_whole)
    except handing.NeedsAnother:
        raise PermissionDenied from None
    except certifying.NotSent:
        raise Http404 from None
    except tuple(NOT_SIGNED) as error:
        return _not_signed(request, letter, row, error)
    what = "case-whole-with-names.zip" if is_whole else "case.zip"  # told apart in a folder of downloads
    return _file(content, name=_name(letter, row, what), content_type="application/zip")


@desk_page(Verb.DELIVER, proven_at=HERE)
@require_POST
def to_bring(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """The paper for who prints and brings it: it is what the office gets, so count and hash are noted."""
    row = one_delivery(letter, number)
    try:
        papers = handing.hand_out(row, by=staff_of(request))
    except tuple(NOT_GIVEN_OUT) as refusal:
        messages.error(request, NOT_GIVEN_OUT[type(refusal)])
        return redirect("deliveries:delivery", letter.slug, row.pk)
    except tuple(NOT_SIGNED) as error:
        return _not_signed(request, letter, row, error)
    return volumes_as_file(papers, name=f"{letter.slug}-{row.pk}")


@desk_page(Verb.DELIVER, proven_at=HERE)
@require_POST
def cover(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """A first page for the office alone: it names its own page, and its address shows in a window."""

    def make(row: Delivery) -> bytes:
        if not handing.may_bring(row, by=staff_of(request)):
            raise PermissionDenied
        return bringing.cover(row, page=links.address(row))

    return _with_it(request, letter, number, make, "cover.pdf")


@desk_page(Verb.DELIVER)
@require_POST
def receipt(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """A page for the office to stamp."""
    return _with_it(request, letter, number, bringing.receipt, "receipt.pdf")


def _with_it(
    request: HttpRequest, letter: Letter, number: int, make: Callable[[Delivery], bytes], what: str
) -> HttpResponse:
    row = one_delivery(letter, number)
    try:
        content = make(row)
    except (bringing.NotHeld, DossierDestroyed):
        raise Http404 from None
    except bringing.NotHandedOut:
        messages.error(request, print_first())
        return redirect("deliveries:delivery", letter.slug, row.pk)
    return _file(content, name=_name(letter, row, what), content_type="application/pdf")


def _not_signed(request: HttpRequest, letter: Letter, row: Delivery, error: Exception) -> HttpResponse:
    messages.error(request, NOT_SIGNED[type(error)])
    return shown_again(request, letter, row, status=503)


def volumes_as_file(papers: list[bytes], *, name: str) -> HttpResponse:
    """A paper as a file; of several volumes a ZIP, the same bytes for the same papers."""
    files = parting.named(name, papers)
    end, content = ("pdf", papers[0]) if len(papers) == 1 else ("zip", cases.pack(files))
    return _file(content, name=f"{name}.{end}", content_type=f"application/{end}")


def _name(letter: Letter, row: Delivery, what: str) -> str:
    return f"{letter.slug}-{row.pk}-{what}"


def _file(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=content_type, headers=headers)
