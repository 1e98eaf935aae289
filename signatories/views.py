"""The pages on which people sign, and the ones behind the secret links in their mail."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from outbox import forecasting, posting
from scrutiny import clues, networks
from signatories import agreeing, confirming, consenting, emails, signing, tokens
from signatories.enrolled import receipts
from signatories.forms import CodeForm, EmailForm
from signatories.models import LinkRequest, Signature
from signatories.origins import origin_checked
from signatories.pages import (
    SeeOther,
    form_for,
    is_stopped,
    page_of,
    private_page,
    public_letter,
    token_page,
    unlisted,
)
from vault.failpoints import failpoint
from vault.peers import client_ip


@origin_checked
@require_http_methods(["GET", "HEAD", "POST"])
@private_page
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    """Take an attempt to sign; the answer is the same whoever signs."""
    letter = public_letter(slug)
    if not letter.is_open():
        return render(request, "signatories/closed.html", page_of(letter), status=410)
    if request.method != "POST":
        return SeeOther("letters:show", slug=slug)
    form = form_for(letter, request.POST)
    if is_stopped(request, form):
        return render(request, "signatories/sign.html", page_of(letter, form=form), status=503)
    if form.is_valid():
        try:
            signing.sign(
                letter,
                language=_language(),
                clues=clues.gather(request, is_trapped=form.is_trapped),
                **form.answers(),
            )
        except signing.VersionChanged:
            form.add_error("version", _("The text was changed while you were reading. Please read it again."))
        except signing.LetterNotOpen:
            return render(request, "signatories/closed.html", page_of(letter), status=410)
        else:
            failpoint("sign_after_commit")
            posting.nudge()
            return SeeOther("signatories:check_your_email", slug=slug)
    return render(request, "signatories/sign.html", page_of(letter, form=form), status=422)


def _language() -> str:
    return translation.get_language() or "en"


@require_http_methods(["GET", "HEAD"])
@unlisted
def check_your_email(request: HttpRequest, slug: str) -> HttpResponse:
    """The same page for everybody who signs or asks for a link."""
    letter = public_letter(slug)
    context = page_of(letter, code_form=CodeForm(), resend_form=EmailForm(), hours=forecasting.hours())
    return render(request, "signatories/check_your_email.html", context)


@origin_checked
@require_POST
@private_page
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """The typed code shows the page that the link shows, and like it confirms nothing by itself."""
    letter = public_letter(slug)
    form = CodeForm(request.POST)
    if form.is_valid():
        attempt = confirming.by_code(
            letter,
            email=form.cleaned_data["email"],
            code=form.cleaned_data["code"],
            network=networks.mark(client_ip(request)),
        )
        if attempt:
            return _show_attempts(request, attempt)
        form.add_error("code", _("This code does not fit this address. The link in the mail always works."))
    return render(request, "signatories/code.html", page_of(letter, code_form=form), status=422)


@origin_checked
@require_POST
@private_page
def resend(request: HttpRequest, slug: str) -> HttpResponse:
    """Mail the link again, if there is anything to confirm; the answer never tells."""
    letter = public_letter(slug)
    form = EmailForm(request.POST)
    if not form.is_valid():
        context = page_of(letter, code_form=CodeForm(), resend_form=form, hours=forecasting.hours())
        return render(request, "signatories/check_your_email.html", context, status=422)
    confirming.ask_for_links(
        purpose=LinkRequest.Purpose.CONFIRM, email=form.cleaned_data["email"], letter=letter
    )
    posting.nudge()
    return SeeOther("signatories:check_your_email", slug=slug)


@token_page(tokens.CONFIRM)
def confirm(request: HttpRequest, attempt: Signature) -> HttpResponse:
    """Show two buttons on GET and act on POST, since mail scanners open every link."""
    if request.method != "POST":
        return _show_attempts(request, attempt)
    chosen = _chosen(attempt, request.POST.get("attempt"))
    act = request.POST.get("act", "confirm")
    if act not in ("confirm", "delete"):
        return _show_attempts(request, attempt, status=422)
    if act == "delete":
        confirming.delete(chosen)
        return _deleted(request, chosen)
    try:
        signature = confirming.confirm(chosen, is_by_hand=clues.is_by_hand(request))
    except confirming.AttemptDeleted:
        return _deleted(request, chosen)
    except confirming.AttemptExpired:
        return _expired(request, chosen)
    failpoint("confirm_after_commit")
    if signature.erased_at:
        return _to_manage(signature)
    posting.nudge()
    return _thanks(request, signature)


def _chosen(attempt: Signature, public_id: str | None) -> Signature:
    """The attempt that a button names, if it belongs to the same address and letter. Raises Http404."""
    if not public_id or public_id == attempt.public_id:
        return attempt
    same = Signature.objects.filter(letter=attempt.letter_id, address=attempt.address)
    if attempt.address is None or not tokens.is_public_id(public_id):
        raise Http404
    return get_object_or_404(same.select_related("letter", "version"), public_id=public_id)


def _show_attempts(request: HttpRequest, attempt: Signature, *, status: int = 200) -> HttpResponse:
    if attempt.deleted_at:
        return _deleted(request, attempt)
    if attempt.confirmed_at is None and (attempt.erased_at or attempt.has_expired()):
        return _expired(request, attempt)
    if attempt.erased_at:
        return _to_manage(attempt)
    attempts = [attempt] if attempt.confirmed_at else confirming.open_attempts(attempt)
    token = tokens.make(tokens.CONFIRM, attempt)
    context = page_of(
        attempt.letter,
        attempts=attempts or [attempt],
        token_path=reverse("signatories:confirm", kwargs={"token": token}),
        confirm_sentence=consenting.CONFIRM,
    )
    return render(request, "signatories/confirm.html", context, status=status)


def _deleted(request: HttpRequest, attempt: Signature) -> HttpResponse:
    return render(request, "signatories/deleted.html", page_of(attempt.letter))


def _to_manage(signature: Signature) -> HttpResponse:
    """Nothing is left to confirm or to show; what can still be done is done on the private page."""
    return SeeOther("signatories:manage", token=tokens.make(tokens.MANAGE, signature))


def _expired(request: HttpRequest, attempt: Signature) -> HttpResponse:
    context = page_of(attempt.letter, resend_form=EmailForm())
    return render(request, "signatories/link_expired.html", context, status=410)


def _thanks(request: HttpRequest, signature: Signature) -> HttpResponse:
    manage = tokens.make(tokens.MANAGE, signature)
    context = page_of(
        signature.letter,
        signature=signature,
        manage_url=emails.absolute("signatories:manage", token=manage),
        share_url=emails.absolute("letters:show", slug=signature.letter.slug),
        receipt=receipts.text(receipts.unproven(signature)) if signature.salt else "",
        is_held=signature.held_at is not None,
        is_asked_again=agreeing.is_asked(signature, signature.letter),
    )
    return render(request, "signatories/thanks.html", context)
