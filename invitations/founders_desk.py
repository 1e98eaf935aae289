"""The desk pages of founding signatories: an owner announces who has agreed beforehand, for two weeks."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from invitations import announcing, inviting
from invitations.desk import SHOWN, as_csv, received
from invitations.forms import FoundersForm
from invitations.models import ANNOUNCED_FOR, Invitation
from invitations.reading import WITH_EVIDENCE
from letters.desk import desk_page, render_desk, staff_of
from letters.models import Letter
from letters.permitting import Verb
from outbox import posting
from signatories.enrolled import writing
from signatories.judging import lookalikes
from signatories.signing import LetterNotOpen

PATTERN = [
    ("Harbour Workers' Union", "secretary@harbour-workers.example", "Its board, in March", "en", "PT"),
    ("دریا دوست", "office@darya-dost.example", "Its director, by phone, 5 March", "ur", "PK"),
]  # fmt: skip
PAGE = "invitations:founders"


@desk_page(Verb.ANNOUNCE)
@require_http_methods(["GET", "HEAD", "POST"])
def founders(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Who has agreed beforehand; a list that is posted is kept as far as it is good."""
    if request.method == "POST" and letter.is_at_risk():
        raise Http404
    return received(request, letter, FoundersForm, show=_page, then=PAGE)


@require_safe
@desk_page(Verb.ANNOUNCE)
def founders_pattern(request: HttpRequest, letter: Letter) -> HttpResponse:
    """A small list to fill in."""
    return as_csv(writing.table_to_csv([WITH_EVIDENCE, *PATTERN]), name="founders")


@desk_page(Verb.ANNOUNCE)
@require_POST
def discard_founders(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Take off what is prepared: the one that the button names, or all."""
    user = staff_of(request)
    gone = inviting.discard(letter, by=user, public_id=request.POST.get("one", ""), founders=True)
    messages.success(request, _("Discarded: %(count)s. Nothing of it was sent.") % {"count": gone})
    return redirect(PAGE, slug=letter.slug)


@desk_page(Verb.ANNOUNCE, proven_at=PAGE)
@require_POST
def announce(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Write to those that are prepared, and name them on the letter's page."""
    try:
        sent, left = announcing.announce(letter, by=staff_of(request))
    except announcing.AtRisk:
        messages.error(request, _("Nothing was sent: a letter at risk announces nobody."))
        return redirect(PAGE, slug=letter.slug)
    except LetterNotOpen:
        messages.error(request, _("Nothing was sent: the letter takes no signatures now."))
        return redirect(PAGE, slug=letter.slug)
    posting.nudge()
    if sent:
        words = ngettext(
            "%(count)s mail leaves now; the letter's page names each organisation once its mail has left.",
            "%(count)s mails leave now; the letter's page names each organisation once its mail has left.",
            sent,
        )
        messages.success(request, words % {"count": sent})
    if left:
        messages.warning(request, _("%(count)s stay prepared: send them tomorrow.") % {"count": left})
    return redirect(PAGE, slug=letter.slug)


@desk_page(Verb.ANNOUNCE)
@require_POST
def take_back(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Announce one no more."""
    if announcing.take_back(letter, public_id=request.POST.get("one", ""), by=staff_of(request)):
        messages.success(request, _("It is announced no more. It can still sign by the link in its mail."))
    return redirect(PAGE, slug=letter.slug)


def _page(
    request: HttpRequest, letter: Letter, form: FoundersForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    user, now = staff_of(request), timezone.now()
    prepared = inviting.of(letter, by=user).founders().prepared().order_by("pk")
    posted = letter.invitations.founders().posted().with_answers().select_related("invited_by")
    named = set(letter.invitations.announced(letter, now).values_list("pk", flat=True))
    context |= {
        "form": form,
        "prepared": [_with_copies(row) for row in prepared[:SHOWN]],
        "prepared_count": prepared.count(),
        "posted": [(row, row.pk in named) for row in posted.order_by("-posted_at", "pk")[:SHOWN]],
        "days": ANNOUNCED_FOR.days,
        "left_today": inviting.left_today(letter, at=now),
        "shown": SHOWN,
    }
    return render_desk(request, "invitations/founders.html", letter, status=status, **context)


def _with_copies(row: Invitation) -> Invitation:
    """The row, with which known organisations its name could be taken for; those that hide are not told."""
    row.resembled = lookalikes.of(row.name or "", key=row.name_key, among_public=True)
    return row
