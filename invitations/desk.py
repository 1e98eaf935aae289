"""The desk pages of invitations: a list comes in, is looked at, and leaves when the host says so."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import trail
from invitations import inviting
from invitations.forms import ListForm
from invitations.models import State
from invitations.reading import COLUMNS
from letters import countries
from letters.desk import desk_page, render_desk, staff_of
from letters.models import Letter
from letters.permitting import Verb, may
from outbox import posting
from signatories.enrolled import writing
from signatories.signing import LetterNotOpen

PATTERN = [
    ("Harbour Workers' Union", "secretary@harbour-workers.example", "en", "PT"),
    ("دریا دوست", "office@darya-dost.example", "ur", "PK"),
]
SHOWN = 500
PAGE = "invitations:invitations"

Show = Callable[..., HttpResponse]


@desk_page(Verb.INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Whom one has invited and what became of it; a list that is posted is kept as far as it is good."""
    return received(request, letter, ListForm, show=_page, then=PAGE)


def received(
    request: HttpRequest, letter: Letter, form_class: type[ListForm], *, show: Show, then: str
) -> HttpResponse:
    """The page with an empty form, as `show` makes it; or a list that is posted, kept as far as it is good.

    `then` names the page on which one goes on.
    """
    language = letter.original_language
    if request.method != "POST":
        return show(request, letter, form_class(language=language))
    form = form_class(request.POST, request.FILES, language=language)
    if not form.is_valid():
        return show(request, letter, form, status=422)
    try:
        new, wrong = inviting.prepare(letter, form.cleaned_data["found"], by=staff_of(request))
    except inviting.TooManyPrepared:
        form.add_error(None, _("Too many wait to be sent already. Send or discard them first."))
        return show(request, letter, form, status=422)
    if wrong:
        again = form_class(initial={"text": "\n".join(row.text for row in wrong)}, language=language)
        return show(request, letter, again, status=422, new=new, wrong=wrong)
    messages.success(request, _kept_in_words(new))
    return redirect(then, slug=letter.slug)


def _kept_in_words(new: int) -> str:
    """What is said once a list was kept."""
    kept = ngettext("%(count)s organisation is prepared.", "%(count)s organisations are prepared.", new)
    return f"{kept % {'count': new}} {_('Nothing is sent before you say so.')}"


def _page(
    request: HttpRequest, letter: Letter, form: ListForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    user, now = staff_of(request), timezone.now()
    mine = inviting.of(letter, by=user).with_answers()
    posted = list(mine.posted().order_by("-posted_at", "pk"))
    prepared = mine.ordinary().prepared().order_by("pk")
    context |= {
        "form": form,
        "prepared": prepared[:SHOWN],
        "prepared_count": prepared.count(),
        "posted": posted[:SHOWN],
        "posted_count": len(posted),
        "counts": inviting.counts(posted),
        "unanswered": sum(row.state in (State.INVITED, State.OPENED) for row in posted),
        "remindable": inviting.remindable(letter, by=user, at=now).count(),
        "remind_after": inviting.REMIND_AFTER.days,
        "left_today": inviting.left_today(letter, at=now),
        "others": inviting.counts_of_others(letter, by=user) if may(user, Verb.STAFF, letter) else [],
        "shown": SHOWN,
    }
    return render_desk(request, "invitations/desk.html", letter, status=status, **context)


@require_safe
@desk_page(Verb.INVITE)
def pattern(request: HttpRequest, letter: Letter) -> HttpResponse:
    """A small list to fill in."""
    return as_csv(writing.table_to_csv([COLUMNS, *PATTERN]), name="organisations")


@desk_page(Verb.INVITE)
@require_POST
def discard(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Take off what is prepared: the one that the button names, or all."""
    gone = inviting.discard(letter, by=staff_of(request), public_id=request.POST.get("one", ""))
    messages.success(request, _("Discarded: %(count)s. Nothing of it was sent.") % {"count": gone})
    return redirect(PAGE, slug=letter.slug)


@desk_page(Verb.INVITE)
@require_POST
def send(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Send what is prepared."""
    try:
        sent, left = inviting.send(letter, by=staff_of(request))
    except LetterNotOpen:
        messages.error(request, _not_open())
        return redirect(PAGE, slug=letter.slug)
    posting.nudge()
    if sent:
        messages.success(
            request,
            ngettext("%(count)s invitation leaves now.", "%(count)s invitations leave now.", sent)
            % {"count": sent},
        )
    if left:
        messages.warning(request, _("%(count)s stay prepared: send them tomorrow.") % {"count": left})
    return redirect(PAGE, slug=letter.slug)


@desk_page(Verb.INVITE)
@require_POST
def remind(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Remind who has not answered."""
    try:
        reminded = inviting.remind(letter, by=staff_of(request))
    except LetterNotOpen:
        messages.error(request, _not_open())
        return redirect(PAGE, slug=letter.slug)
    posting.nudge()
    messages.success(request, _("Reminded: %(count)s.") % {"count": reminded})
    return redirect(PAGE, slug=letter.slug)


def _not_open() -> str:
    return _("Nothing was sent: the letter takes no signatures now.")


@desk_page(Verb.INVITE, proven_at=PAGE)
@require_POST
def unanswered(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Who has not answered, as CSV, without e-mail addresses."""
    user = staff_of(request)
    rows = [
        (row.name, row.language, countries.name(row.country), row.state.label, _day(row), row.reminders)
        for row in inviting.of(letter, by=user).unanswered().order_by("pk")
    ]
    columns = ("name", "language", "country", "state", "invited", "reminders")
    trail.record("unanswered invitations exported", about=letter, by=user, rows=len(rows))
    return as_csv(writing.table_to_csv([columns, *rows]), name=f"{letter.slug}-unanswered")


def _day(row: Any) -> str:
    return row.mailed_at.date().isoformat()


def as_csv(content: bytes, *, name: str) -> HttpResponse:
    """A table to be kept as a file."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
