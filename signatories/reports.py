"""The page on which anybody says that a listed name is wrong. Its answer is always the same."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from scrutiny import networks
from signatories import reporting, tokens
from signatories.forms import PublicForm
from signatories.models import Listing, Report
from signatories.origins import origin_checked
from signatories.pages import SeeOther, page_of, public_letter, unlisted
from vault.peers import client_ip


class ReportForm(PublicForm):
    """Why a name should not be listed: a choice and no words, for words of strangers harm people too."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"),
        choices=Report.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Please choose what is wrong."),
            "invalid_choice": gettext_lazy("Please choose what is wrong."),
        },
    )


@origin_checked
@require_http_methods(["GET", "HEAD", "POST"])
@unlisted
def report(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Take a report of one listed name; of one that left the list meanwhile too, and say nothing of it."""
    letter = public_letter(slug)
    named = Listing.objects.filter(letter=letter, public_id=public_id)
    listing = named.first() if tokens.is_public_id(public_id) else None
    if request.method != "POST":
        if listing is None:
            raise Http404
        return render(request, "signatories/report.html", page_of(letter, listing=listing, form=ReportForm()))
    form = ReportForm(request.POST)
    if listing is not None:
        if not form.is_valid():
            context = page_of(letter, listing=listing, form=form)
            return render(request, "signatories/report.html", context, status=422)
        reporting.report(
            listing, reason=form.cleaned_data["reason"], network=networks.mark(client_ip(request))
        )
    return SeeOther("signatories:reported", slug=slug)


@require_safe
@unlisted
def reported(request: HttpRequest, slug: str) -> HttpResponse:
    """The same page for everybody who has reported a name."""
    return render(request, "signatories/reported.html", page_of(public_letter(slug)))
