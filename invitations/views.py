"""The pages behind an invitation's private link."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from invitations import announcing, answering, links
from invitations.models import Invitation
from outbox import posting
from scrutiny import clues
from signatories import signing
from signatories.forms import SignForm
from signatories.models import Kind
from signatories.pages import SeeOther, form_for, is_stopped, page_of, token_page


@token_page(links.INVITED, links.read)
def invited(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """The letter with its form, filled in as far as the host knew.

    Reading it changes nothing but since when it is known that a browser showed it.
    """
    letter = invitation.letter
    if not letter.is_open():
        return render(request, "signatories/closed.html", page_of(letter), status=410)
    if request.method == "POST":
        return _sign(request, invitation)
    if answering.is_shown_by_a_browser(request):
        answering.note_opened(invitation)
    known = {"kind": Kind.ORGANISATION, "organisation": invitation.name, "country": invitation.country}
    return _page(request, invitation, form_for(letter, initial=known))


def _sign(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    letter = invitation.letter
    form = form_for(letter, request.POST)
    if is_stopped(request, form):
        return _page(request, invitation, form, status=503)
    if not form.is_valid():
        return _page(request, invitation, form, status=422)
    try:
        answering.sign(
            invitation,
            language=translation.get_language() or invitation.language,
            clues=clues.gather(request, is_trapped=form.is_trapped),
            **form.answers(),
        )
    except signing.VersionChanged:
        form.add_error("version", _("The text was changed while you were reading. Please read it again."))
        return _page(request, invitation, form, status=422)
    except signing.LetterNotOpen:
        return render(request, "signatories/closed.html", page_of(letter), status=410)
    posting.nudge()
    return SeeOther("signatories:check_your_email", slug=letter.slug)


def _page(request: HttpRequest, invitation: Invitation, form: SignForm, *, status: int = 200) -> HttpResponse:
    token = links.token(invitation)
    context = page_of(
        invitation.letter,
        invitation=invitation,
        is_announced=announcing.is_named(invitation),
        form=form,
        authors=invitation.letter.authors.all(),
        action=reverse("invitations:invited", kwargs={"token": token}),
        token=token,
    )
    return render(request, "invitations/invited.html", context, status=status)


@token_page(links.INVITED, links.read)
def decline(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Decline, or want no mail from here ever; the latter also by one click of a mail program (RFC 8058)."""
    done, status = "", 200
    if request.method == "POST":
        done = _answer(invitation, request.POST)
        status = 200 if done else 422
    context = page_of(
        invitation.letter,
        invitation=invitation,
        is_announced=not done and announcing.is_named(invitation),
        authors=invitation.letter.authors.all(),
        done=done,
    )
    return render(request, "invitations/decline.html", context, status=status)


def _answer(invitation: Invitation, data: Any) -> str:
    """Do what a button or a mail program says. Returns in words what was done."""
    if data.get("act") == "never" or "List-Unsubscribe" in data:
        answering.never_write(invitation)
        return _("We will not write to this address again.")
    if data.get("act") == "decline":
        answering.decline(invitation)
        return _("You have declined. Nobody will remind you.")
    return ""
