"""The page behind an office's private link."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_resolver
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from answers import links, offering, receiving
from answers.forms import AnswerForm, WrongForm
from answers.models import Answer
from answers.offering import Offer
from deliveries.dossiers import parting
from deliveries.links import Link
from deliveries.models import Delivery, DossierDestroyed, Report
from scrutiny.rationing import costly
from signatories.pages import page_of, token_page


def _office_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page behind an office's private link: 410 where that was closed, or the letter is withdrawn."""

    @token_page(links.PURPOSE, links.read)
    @wraps(view)
    def page(request: HttpRequest, link: Link, **arguments: Any) -> HttpResponse:
        letter = link.delivery.dossier.letter
        if not link.is_open:
            return render(request, "answers/closed.html", page_of(letter), status=410)
        if letter.taken_down_at is not None:
            context = page_of(letter, delivery=link.delivery)
            return render(request, "answers/withdrawn.html", context, status=410)
        return view(request, link.delivery, **arguments)

    return page


@_office_page
@costly("office_pages_per_network_in_10_minutes")
def office(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    """The letter to download and check, and the forms to answer it. Reading it notes nothing."""
    if request.method == "POST":
        return _act(request, delivery)
    return _page(request, delivery)


@_office_page
@require_safe
def paper(request: HttpRequest, delivery: Delivery, volume: int = 1) -> HttpResponse:
    """The paper, or one volume of it, made at this moment; that somebody takes it is noted nowhere."""
    if delivery.dossier.key is None:
        return _page(request, delivery, status=410)
    if seconds := offering.wait(delivery):
        response = get_resolver().resolve_error_handler(429)(request)
        response.headers["Retry-After"] = str(seconds)
        return response
    try:
        content = offering.paper(delivery, volume=volume)
    except DossierDestroyed:
        return _page(request, delivery, status=410)
    except offering.NoSuchVolume:
        raise Http404 from None
    name = parting.file_name(delivery.dossier.letter.slug, volume)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _act(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    acts = {"received": _received, "answer": _answer, "wrong": _wrong}
    act = acts.get(request.POST.get("act", ""))
    return act(request, delivery) if act else _page(request, delivery, status=422)


def _received(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    receiving.arrived(delivery)
    return _page(request, delivery, done=_("Thank you. It is noted that your office has the letter."))


def _answer(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            receiving.answer(delivery, **form.cleaned_data)
        except receiving.TooMany:
            form.add_error(None, _too_many())
    if form.errors:
        return _page(request, delivery, status=422, answer_form=form)
    done = _("Your answer has reached those who wrote the letter. They read it before it is published.")
    return _page(request, delivery, done=done)


def _wrong(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    form = WrongForm(request.POST)
    if form.is_valid():
        try:
            receiving.wrong(delivery, words=form.cleaned_data["words"])
        except receiving.TooMany:
            form.add_error(None, _too_many())
    if form.errors:
        return _page(request, delivery, status=422, wrong_form=form)
    return _page(request, delivery, done=_("Thank you. Those who deliver the letter are told."))


def _too_many() -> str:
    return _("So much of yours waits to be read that nothing more is taken now. Please come back later.")


def _page(request: HttpRequest, delivery: Delivery, *, status: int = 200, **more: Any) -> HttpResponse:
    offer = _offer(delivery)
    context = page_of(
        delivery.dossier.letter,
        delivery=delivery,
        token=_token(request),
        offer=offer,
        volumes=range(2, offer.volumes + 1) if offer else (),
        has_arrived=delivery.reports.filter(kind=Report.Kind.DELIVERED).exists(),
        answers=Answer.objects.filter(delivery=delivery).order_by("received_at", "pk"),
        **({"answer_form": AnswerForm(), "wrong_form": WrongForm()} | more),
    )
    return render(request, "answers/office.html", context, status=status)


def _token(request: HttpRequest) -> str:
    """The token that the page was opened with, and never a newer one."""
    assert request.resolver_match is not None  # noqa: S101 - for the type checker
    return str(request.resolver_match.kwargs["token"])


def _offer(delivery: Delivery) -> Offer | None:
    """What can be downloaded; None once the names of the dossier were destroyed."""
    try:
        return offering.offer(delivery)
    except DossierDestroyed:
        return None
