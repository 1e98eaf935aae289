"""The desk's pages about organisations: the directory, and each with its names and its evidence."""

import functools
from datetime import UTC, datetime, time
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import proving
from letters import countries
from letters.desk import View, staff_of
from organisations import checking, editing, finding, ladder, seconding, verifying
from organisations.forms import CallForm, FactsForm, NameForm, WordForm
from organisations.models import Name, Organisation, ProposedChange, ProposedName
from organisations.permitting import organisations_of

PAGE = "desk:organisation"
WAITS = gettext_lazy(
    "That waits until another moderator agrees, who finds it here: the organisation has the badge, or stands "
    "under letters of others."
)
WAITS_ALREADY = gettext_lazy("Nothing was changed: another such change waits already. Decide on it first.")


def organisation_page(*, is_proven: bool = False) -> Any:
    """Hand the organisation to the view of one who may; to others there is none.

    From one that went into another, also from a page that is left open, it leads to that other.

    `is_proven`, for what gives the badge or takes it: who has not signed in just now proves to be there.
    """

    def decorator(view: View) -> View:
        @login_required
        @functools.wraps(view)
        def guarded(request: HttpRequest, organisation: str, **arguments: Any) -> HttpResponseBase:
            mine = organisations_of(request.user)
            row = mine.filter(public_id=organisation).first()
            if row is None:
                other = get_object_or_404(
                    mine, pk__in=Organisation.objects.filter(public_id=organisation).values("merged_into")
                )
                messages.info(request, _("Nothing was done: it was merged into the organisation you see."))
                return redirect(PAGE, other.public_id)
            if is_proven and not proving.is_fresh(request):
                return proving.ask(request, then=reverse(PAGE, args=[row.public_id]))
            return view(request, row, **arguments)

        return guarded

    return decorator


@require_safe
@login_required
def directory(request: HttpRequest) -> HttpResponse:
    """The organisations one may look after; `q` says which words their names have."""
    words = request.GET.get("q", "")[:200]
    rows, count = finding.find(organisations_of(request.user), words)
    verified = set(
        Organisation.objects.verified().filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)
    )
    asking = set(ProposedName.objects.waiting().values_list("organisation", flat=True))
    asking |= set(ProposedChange.objects.values_list("organisation", flat=True))
    shown = [
        {
            "organisation": row,
            "country": countries.name(row.country),
            "is_verified": row.pk in verified,
            "asks": row.pk in asking,
        }
        for row in rows
    ]
    context = {"rows": shown, "count": count, "left_out": count - len(rows), "words": words}
    return render(request, "desk/organisations/directory.html", context)


@require_safe
@organisation_page()
def organisation(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """One organisation: what it is called, what proves it, and what its badge still needs."""
    return _page(request, organisation)


@organisation_page(is_proven=True)
@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Its website, country, type and description."""
    form = FactsForm(request.POST or None, initial=FactsForm.known(organisation))
    if request.method == "POST" and form.is_valid():
        try:
            is_done = seconding.change(organisation, by=staff_of(request), **form.answers())
        except seconding.Waits:
            messages.error(request, WAITS_ALREADY)
        else:
            messages.success(request, _("Saved."))
            if not is_done:
                messages.info(request, WAITS)
        return redirect(PAGE, organisation.public_id)
    context = {"organisation": organisation, "form": form}
    return render(request, "desk/organisations/facts.html", context, status=422 if form.errors else 200)


@organisation_page(is_proven=True)
@require_POST
def add_name(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Give it one more name by which it is recognised."""
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            is_done = seconding.add_name(organisation, by=staff_of(request), **form.cleaned_data)
        except editing.NameTaken:
            form.add_error("text", _("An organisation has this name already: this one or another."))
        except seconding.Waits:
            form.add_error("language", WAITS_ALREADY)
        else:
            said = _("It is recognised by this name from now on.") if is_done else WAITS
            messages.success(request, said)
            return redirect(PAGE, organisation.public_id)
    return _page(request, organisation, name_form=form, status=422)


@organisation_page(is_proven=True)
@require_POST
def name(request: HttpRequest, organisation: Organisation, number: int) -> HttpResponse:
    """List it by this name, or, with `drop`, recognise it by this name no more."""
    row = get_object_or_404(organisation.names, pk=number)
    try:
        act = seconding.drop_name if "drop" in request.POST else seconding.lead_with
        is_done = act(row, by=staff_of(request))
    except editing.MainName:
        messages.error(request, _("Nothing was changed: list it by another name first."))
    except seconding.Waits:
        messages.error(request, WAITS_ALREADY)
    else:
        messages.success(request, _("Saved.") if is_done else WAITS)
    return redirect(PAGE, organisation.public_id)


@organisation_page(is_proven=True)
@require_POST
def call(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Note a call-back."""
    form = CallForm(request.POST)
    if not form.is_valid():
        return _page(request, organisation, call_form=form, status=422)
    verifying.note_call(organisation, by=staff_of(request), **form.cleaned_data)
    messages.success(request, _("Noted. It holds for a year."))
    return redirect(PAGE, organisation.public_id)


@organisation_page(is_proven=True)
@require_POST
def vouch(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Note the word of another organisation."""
    form = _word_form(request, organisation, request.POST)
    if not form.is_valid():
        return _page(request, organisation, word_form=form, status=422)
    voucher = get_object_or_404(organisations_of(request.user), public_id=form.cleaned_data["voucher"])
    day = form.cleaned_data["said_on"]
    said_at = min(timezone.now(), datetime.combine(day, time(12), tzinfo=UTC))
    try:
        verifying.note_word(
            organisation,
            voucher=voucher,
            said=form.cleaned_data["said"],
            said_at=said_at,
            by=staff_of(request),
        )
    except verifying.NotProven:
        form.add_error("voucher", _("It is not verified by itself any more, so its word does not count."))
        return _page(request, organisation, word_form=form, status=422)
    messages.success(request, _("Noted. It holds for a year, and as long as that organisation is verified."))
    return redirect(PAGE, organisation.public_id)


@organisation_page(is_proven=True)
@require_POST
def revoke(request: HttpRequest, organisation: Organisation, number: int) -> HttpResponse:
    """Take evidence back."""
    verifying.revoke(get_object_or_404(organisation.evidence, pk=number), by=staff_of(request))
    messages.success(request, _("Taken back. It stays on record and proves nothing any more."))
    return redirect(PAGE, organisation.public_id)


@organisation_page()
@require_POST
def check(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Have its record in the DNS looked for."""
    try:
        checking.ask(organisation, by=staff_of(request))
    except checking.NoDomain:
        messages.error(request, _("Nothing was asked: its website is at no domain of its own."))
    else:
        messages.success(request, _("It is looked for now. Load this page again in a few seconds."))
    return redirect(PAGE, organisation.public_id)


def _page(
    request: HttpRequest,
    organisation: Organisation,
    *,
    name_form: NameForm | None = None,
    call_form: CallForm | None = None,
    word_form: WordForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "organisation": organisation,
        "country": countries.name(organisation.country),
        "is_verified": organisation.is_verified(),
        "is_proven": Organisation.objects.proven().filter(pk=organisation.pk).exists(),
        "record": ladder.record(organisation),
        "rungs": ladder.rungs(organisation),
        "names": organisation.names.all(),
        "proposed": organisation.proposed_names.waiting(),
        "changes": organisation.proposed_changes.select_related("name"),
        "name_form": name_form or NameForm(),
        "call_form": call_form or CallForm(),
        "word_form": word_form or _word_form(request, organisation),
        "words": organisation.vouches.standing().prefetch_related("organisation__names"),
        "main": Name.Kind.MAIN,
    }
    return render(request, "desk/organisations/organisation.html", context, status=status)


def _word_form(request: HttpRequest, organisation: Organisation, *typed: Any) -> WordForm:
    """Whose word can be noted: of those one may look after, the ones that are verified by themselves."""
    others = organisations_of(request.user).proven().exclude(pk=organisation.pk)
    names = [(row.public_id, row.name) for row in others.prefetch_related("names")]
    return WordForm(*typed, vouchers=sorted(names, key=lambda pair: pair[1].casefold()))
