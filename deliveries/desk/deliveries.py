"""The desk pages of one delivery: its evidence, what became of it, and what a person does about it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from deliveries import handing, links, recording, revoking
from deliveries.desk.forms import NoteForm, RecordForm, SettleForm, WayForm
from deliveries.models import Delivery
from letters.desk import desk_page, render_desk, staff_of
from letters.models import Letter, Recipient
from letters.permitting import Verb
from outbox.models import State

HERE = "deliveries:deliveries"


@require_safe
@desk_page(Verb.DELIVER)
def delivery(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """All that is known of one delivery."""
    return _page(request, letter, one_delivery(letter, number))


@desk_page(Verb.DELIVER, proven_at=HERE)
@require_POST
def record(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Write down how somebody brought the letter."""
    row = one_delivery(letter, number)
    if row.state == State.HELD and row.handed_at is None:
        messages.error(request, print_first())
        return _page(request, letter, row, status=409)
    form = RecordForm(request.POST, request.FILES, since=recording.since(row), until=recording.until(row))
    return _with_words(request, letter, row, recording.record, record_form=form)


@desk_page(Verb.DELIVER, proven_at=HERE)
@require_POST
def not_brought(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Say that nobody brought what was called off."""
    return _done(request, letter, one_delivery(letter, number), recording.not_brought)


@desk_page(Verb.DELIVER, proven_at=HERE)
@require_POST
def note(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Add what became of one that has left."""
    row = one_delivery(letter, number)
    form = NoteForm(request.POST, request.FILES, since=recording.left(row))
    return _with_words(request, letter, row, recording.note, record_form=form)


@desk_page(Verb.DELIVER, proven_at=HERE)
@require_POST
def settle(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Say of an uncertain delivery whether it arrived."""
    if request.POST.get("act") not in ("arrived", "again"):
        raise SuspiciousOperation
    act = partial(recording.settle, arrived=request.POST["act"] == "arrived")
    form = SettleForm(request.POST)
    return _with_words(request, letter, one_delivery(letter, number), act, settle_form=form)


@desk_page(Verb.DELIVER, proven_at=HERE)
@require_POST
def again(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Try one that was given up once more."""
    return _done(request, letter, one_delivery(letter, number), recording.again)


@desk_page(Verb.DELIVER, proven_at=HERE)
@require_POST
def another_way(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Bring it by post, by hand or by a web form instead."""
    row, form = one_delivery(letter, number), WayForm(request.POST)
    return _with_words(request, letter, row, recording.by_another_way, way_form=form)


@desk_page(Verb.DELIVER, proven_at=HERE)
@require_POST
def close_page(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Close the office's own page, to which its private link leads."""
    return _done(request, letter, one_delivery(letter, number), revoking.revoke)


@desk_page(Verb.DELIVER, proven_at=HERE)
@require_POST
def renew_page(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Give the office a new page: by mail, or shown this once to who brings its address."""
    row, shown = one_delivery(letter, number), []

    def renew(row: Delivery, *, by: User) -> None:
        shown.append(revoking.renew(row, by=by))

    try:
        answer = _done(request, letter, row, renew)
    except handing.NeedsAnother:
        raise PermissionDenied from None
    except revoking.TooMany:
        messages.error(request, _("This office got three new pages within a day. Wait until tomorrow."))
        return _page(request, letter, row, status=429)
    return _page(request, letter, row, new_page=shown[0]) if any(shown) else answer


def _with_words(
    request: HttpRequest, letter: Letter, row: Delivery, act: Callable[..., None], **forms: Any
) -> HttpResponse:
    """Do it with what stands in the one form, or show what is wrong there on the delivery's page."""
    [form] = forms.values()
    if not form.is_valid():
        return _page(request, letter, row, status=422, **forms)
    return _done(request, letter, row, act, **form.cleaned_data)


def _done(
    request: HttpRequest, letter: Letter, row: Delivery, act: Callable[..., None], **facts: Any
) -> HttpResponse:
    try:
        act(row, by=staff_of(request), **facts)
    except recording.NotThatWay:
        messages.error(request, _("Nothing was changed: somebody was quicker, or it went on by itself."))
        return _page(request, letter, one_delivery(letter, row.pk), status=409)
    except recording.NotHandedOut:
        messages.error(request, print_first())
        return _page(request, letter, one_delivery(letter, row.pk), status=409)
    messages.success(request, _("Recorded."))
    return redirect("deliveries:delivery", letter.slug, row.pk)


def print_first() -> str:
    """What is said to who would bring, or has brought, a paper that the desk has not given out."""
    return _(
        "Print the paper first, here: its count and its hash are noted then, and are what the office gets."
    )


def _page(
    request: HttpRequest,
    letter: Letter,
    row: Delivery,
    *,
    status: int = 200,
    new_page: str = "",
    **forms: Form,
) -> HttpResponse:
    may_bring = handing.may_bring(row, by=staff_of(request))
    context: dict[str, Any] = {
        "delivery": row,
        "reports": row.reports.select_related("by"),
        "record_form": NoteForm() if row.state == State.SENT else RecordForm(),
        "settle_form": SettleForm(),
        "way_form": WayForm(),
        "called_off_at": recording.until(row) if row.state == State.HELD else None,
        "may_have_all": handing.may_have_all(row, by=staff_of(request)),
        "may_bring": may_bring,
        "office_page": links.address(row) if may_bring and row.channel == Recipient.Channel.PORTAL else "",
        "may_be_revoked": revoking.may_be_revoked(row),
        "may_be_renewed": revoking.may_be_renewed(row),
        "new_page": new_page,
    }
    return render_desk(request, "deliveries/desk/delivery.html", letter, status=status, **(context | forms))


def shown_again(request: HttpRequest, letter: Letter, row: Delivery, *, status: int) -> HttpResponse:
    """The page of one delivery, for who did not get what was asked for there."""
    return _page(request, letter, row, status=status)


def one_delivery(letter: Letter, number: int) -> Delivery:
    """The delivery of this number, if it is the letter's; else 404."""
    people = ("release__approved_by", "release__proposed_by")
    rows = Delivery.objects.of(letter).select_related("dossier__version__letter", *people)
    return get_object_or_404(rows.light(), pk=number)
