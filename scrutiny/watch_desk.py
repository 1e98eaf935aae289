"""The desk page of the watch list: what a person looks at before anybody sees it, and who put it there."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from letters.desk import site_page, staff_of
from letters.forms import DeskForm
from scrutiny import enlisting, watching
from scrutiny.models import Watched

PAGE = "desk:watch_list"
SENTENCES = {
    enlisting.NoWords: gettext_noop("Type a word that can be compared."),
    enlisting.WatchedAlready: gettext_noop("It stands on the list already."),
    enlisting.NotFromTheStart: gettext_noop(
        "It is not on the list from the start: nothing has to be taken off."
    ),
}


class WatchedForm(DeskForm, forms.ModelForm):
    class Meta:
        model = Watched
        fields = ("kind", "text", "is_exempt", "note")

    def validate_constraints(self) -> None:
        """Whether it is there already is the affair of enlisting, which knows how words are compared."""


@require_safe
@site_page()
def watch_list(request: HttpRequest) -> HttpResponse:
    """The entries in force, what is watched from the start, and what was ended within thirty days."""
    return _page(request, WatchedForm())


@site_page(proven_at=PAGE)
@require_POST
def watch(request: HttpRequest) -> HttpResponse:
    """Put something on the list, or take off it what is there from the start."""
    form = WatchedForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        enlisting.add(by=staff_of(request), **form.cleaned_data)
    except tuple(SENTENCES) as error:
        form.add_error("text", _(SENTENCES[type(error)]))
        return _page(request, form, status=422)
    messages.success(request, _("Done. It holds within a minute, for who signs from then on."))
    return redirect(PAGE)


@site_page(proven_at=PAGE)
@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Let an entry hold no more."""
    row = get_object_or_404(Watched, pk=number)
    if enlisting.end(row, by=staff_of(request)):
        messages.success(request, _("Ended. Its words stay on this page for thirty days."))
    else:
        messages.warning(request, _("Nothing was changed: it is ended already."))
    return redirect(PAGE)


def _page(request: HttpRequest, form: WatchedForm, *, status: int = 200) -> HttpResponse:
    rows = Watched.objects.select_related("added_by", "ended_by")
    labels = dict(Watched.Kind.choices)
    context = {
        "form": form,
        "rows": rows.in_force().order_by("kind", "text"),
        "ended": rows.exclude(ended_at=None).order_by("-ended_at"),
        "groups": [(labels[kind], texts) for kind, texts in watching.from_the_start().items()],
    }
    return render(request, "desk/watch_list.html", context, status=status)
