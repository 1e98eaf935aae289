"""The desk's page of what offices have answered: it is read here before everybody reads it."""

import base64
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answers import entering, reviewing
from answers.forms import DeclineForm, EnterForm
from answers.models import Answer, AnswerQuerySet
from deliveries.desk import numbers
from letters.desk import desk_page, render_desk, staff_of
from letters.models import Letter
from letters.permitting import Verb, others_who_may

HERE = "answers:answers"


@require_safe
@desk_page(Verb.DELIVER)
def answers(request: HttpRequest, letter: Letter) -> HttpResponse:
    """All answers, the newest first, each with what was decided about it."""
    return _page(request, letter)


@desk_page(Verb.DELIVER)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Write down an answer that came by e-mail or on paper."""
    form = EnterForm(request.POST or None, request.FILES or None, letter=letter)
    if request.method == "POST" and form.is_valid():
        try:
            entering.enter(**form.cleaned_data, by=staff_of(request))
        except entering.NotAnswered:
            form.add_error(None, _("Nothing was entered: the letter has not reached this office."))
        else:
            messages.success(request, _("Entered. It waits to be read before it is published."))
            return redirect(HERE, letter.slug)
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "has_any": bool(entering.answerable(letter))}
    return render_desk(request, "answers/desk/enter.html", letter, status=status, **context)


@require_safe
@desk_page(Verb.DELIVER)
def scan(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """The picture of an answer that somebody entered, for who compares it."""
    row = get_object_or_404(_answers(letter).filter(scan__isnull=False), pk=number)
    content = base64.b64decode(str(row.scan))
    return HttpResponse(content, content_type="image/webp", headers={"Cache-Control": "no-store"})


@desk_page(Verb.DELIVER, proven_at=HERE)
@require_POST
def publish(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Show it on the letter's page."""
    row = get_object_or_404(_answers(letter), pk=number)
    return _done(request, letter, lambda: reviewing.publish(row, by=staff_of(request)), _("Published."))


@desk_page(Verb.DELIVER, proven_at=HERE)
@require_POST
def decline(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """Do not show it, or not any more."""
    row = get_object_or_404(_answers(letter), pk=number)
    form = DeclineForm(request.POST, auto_id=f"id_{row.pk}_%s")
    if not form.is_valid():
        return _page(request, letter, forms={row.pk: form}, status=422)
    facts = form.cleaned_data
    return _done(
        request, letter, lambda: reviewing.decline(row, by=staff_of(request), **facts), _("Declined.")
    )


@login_required
@require_safe
def by_number(request: HttpRequest, number: int) -> HttpResponse:
    """From a delivery's number alone to the answers to its letter: the mail about one names no letter."""
    return redirect(HERE, numbers.slug_of_delivery(request, number))


def _done(request: HttpRequest, letter: Letter, act: Callable[[], None], words: str) -> HttpResponse:
    try:
        act()
    except reviewing.AlreadySo:
        messages.error(request, _("Nothing was changed: somebody was quicker."))
        return _page(request, letter, status=409)
    except reviewing.NeedsAnother:
        messages.error(request, _("Nothing was changed: you have entered it, so somebody else publishes it."))
        return _page(request, letter, status=409)
    except reviewing.Forgotten:
        messages.error(request, _("Nothing was changed: its words were erased in time."))
        return _page(request, letter, status=409)
    messages.success(request, words)
    return redirect(HERE, letter.slug)


def _page(
    request: HttpRequest, letter: Letter, *, forms: dict[int, DeclineForm] | None = None, status: int = 200
) -> HttpResponse:
    rows = [
        (row, (forms or {}).get(row.pk) or DeclineForm(auto_id=f"id_{row.pk}_%s")) for row in _answers(letter)
    ]
    others = others_who_may(Verb.DELIVER, letter, but=staff_of(request)).exists()
    return render_desk(request, "answers/desk/answers.html", letter, status=status, rows=rows, others=others)


def _answers(letter: Letter) -> AnswerQuerySet:
    return Answer.objects.of(letter).light()
