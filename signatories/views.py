"""The pages on which people sign, and the ones behind the secret links in their mail."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from outbox import forecasting, posting
from scrutiny import clues, networks
from signatories import answering, asking, confirming, consenting, disclosing, emails, signing, tokens
from signatories.enrolled import receipts
from signatories.forms import AnswerForm, CodeForm, CorrectForm, EmailForm
from signatories.models import LinkRequest, Listing, Signature, Visibility
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
    )
    return render(request, "signatories/thanks.html", context)


@token_page(tokens.MANAGE)
def manage(request: HttpRequest, signature: Signature) -> HttpResponse:
    """The signer's own page: hide, withdraw, erase, unsubscribe, correct."""
    form: CorrectForm | AnswerForm = CorrectForm()
    done, status = "", 200
    if request.method == "POST":
        form, done = _manage(signature, request.POST)
        status = 422 if form.errors or not done else 200
        signature = Signature.objects.select_related("letter", "version").get(pk=signature.pk)
    elif "receipt" in request.GET and signature.salt:
        return _download(receipts.text(receipts.receipt(signature)), name="receipt")
    elif "everything" in request.GET:
        return _download(disclosing.text(signature), name="signature")
    context = page_of(
        signature.letter,
        signature=signature,
        listed_name=_listed_name(signature),
        correct_form=form if isinstance(form, CorrectForm) else CorrectForm(),
        done=done,
        token=tokens.make(tokens.MANAGE, signature),
        **_asked(signature, form),
    )
    return render(request, "signatories/manage.html", context, status=status)


def _listed_name(signature: Signature) -> str:
    """The name on the public list where that is all that is left of it."""
    if not signature.erased_at or signature.visibility != Visibility.PUBLIC:
        return ""
    return Listing.objects.filter(signature=signature).values_list("name", flat=True).first() or ""


def _download(text: str, *, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.json"'}
    return HttpResponse(text, content_type="application/json; charset=utf-8", headers=headers)


def _asked(signature: Signature, form: Any) -> dict[str, Any]:
    """What its signer is asked now, with the form for the answer."""
    question = asking.put_to(signature)
    if question is None:
        return {}
    is_answer = isinstance(form, AnswerForm)
    return {"question": question, "answer_form": form if is_answer else AnswerForm(signature=signature)}


def _manage(signature: Signature, data: Any) -> tuple[CorrectForm | AnswerForm, str]:
    """Do what a button says. Returns the form that was sent, and in words what was done."""
    form = CorrectForm()
    match data.get("act"):
        case "hide":
            signing.hide(signature)
            return form, _("Your name is hidden. Your signature still counts.")
        case "withdraw":
            signing.withdraw(signature)
            return form, _("Your signature is withdrawn.")
        case "erase":
            signing.erase(signature)
            return form, _("Everything personal about your signature is erased.")
        case "unsubscribe":
            signing.unsubscribe(signature)
            return form, _("You will get no more news of this letter.")
        case "correct":
            return _correct(signature, data)
        case "as_is":
            return form, _thanks_for_answer(answering.confirm(signature))
        case "answer":
            return _answer(signature, data)
    return form, ""


def _correct(signature: Signature, data: Any) -> tuple[CorrectForm, str]:
    form = CorrectForm(data, kind=signature.kind)
    if not form.is_valid() or signature.erased_at:
        return form, ""
    if signing.correct(signature, name=form.cleaned_data["name"]):
        return CorrectForm(), _("Your name is corrected.")
    return CorrectForm(), _("The new name is being checked. The old one stands until then.")


def _answer(signature: Signature, data: Any) -> tuple[CorrectForm | AnswerForm, str]:
    form = AnswerForm(data, signature=signature)
    if not form.is_valid():
        return form, ""
    return CorrectForm(), _thanks_for_answer(answering.correct(signature, **form.cleaned_data))


def _thanks_for_answer(is_answer: bool) -> str:
    if is_answer:
        return _("Thank you for your answer. A person looks at it again.")
    return _("Nobody waits for this answer any more. What stands below holds.")


@origin_checked
@require_http_methods(["GET", "HEAD", "POST"])
@private_page
def request_link(request: HttpRequest) -> HttpResponse:
    """Mail the manage links of an address to it; the answer is one, whoever asks."""
    form = EmailForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        confirming.ask_for_links(purpose=LinkRequest.Purpose.MANAGE, email=form.cleaned_data["email"])
        posting.nudge()
        return render(request, "signatories/link_requested.html")
    status = 422 if form.errors else 200
    return render(request, "signatories/request_link.html", {"form": form}, status=status)


@token_page(tokens.UNSUBSCRIBE)
def unsubscribe(request: HttpRequest, signature: Signature) -> HttpResponse:
    """No more news of this letter by one click (RFC 8058), or no mail from here ever."""
    done = ""
    if request.method == "POST":
        if request.POST.get("act") == "never":
            signing.opt_out(signature)
            done = _("We will not write to this address again.")
        else:
            signing.unsubscribe(signature)
            done = _("You will get no more news of this letter.")
    context = page_of(signature.letter, done=done)
    return render(request, "signatories/unsubscribe.html", context)
