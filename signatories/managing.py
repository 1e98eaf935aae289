"""The signer's own page behind the link in the mail, and how to have that link sent again."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from outbox import posting
from signatories import (
    agreeing,
    answering,
    asking,
    confirming,
    consenting,
    disclosing,
    signing,
    tokens,
)
from signatories.enrolled import receipts
from signatories.forms import AnswerForm, CorrectForm, EmailForm
from signatories.models import LinkRequest, Listing, Signature, Visibility
from signatories.origins import origin_checked
from signatories.pages import page_of, private_page, token_page


@token_page(tokens.MANAGE)
def manage(request: HttpRequest, signature: Signature) -> HttpResponse:
    """The signer's own page: hide, withdraw, erase, unsubscribe, correct, answer, agree to a changed text."""
    form: CorrectForm | AnswerForm = CorrectForm()
    done, problem, status = "", "", 200
    if request.method == "POST":
        form, done, problem = _manage(signature, request.POST)
        status = 200 if done else 422
        signature = Signature.objects.select_related("letter", "version").get(pk=signature.pk)
    elif "receipt" in request.GET and signature.salt:
        return _download(receipts.text(receipts.receipt(signature)), name="receipt")
    elif "everything" in request.GET:
        return _download(disclosing.text(signature), name="signature")
    letter = signature.letter
    context = page_of(
        letter,
        signature=signature,
        listed_name=_listed_name(signature),
        correct_form=form if isinstance(form, CorrectForm) else CorrectForm(),
        done=done,
        problem=problem,
        token=tokens.make(tokens.MANAGE, signature),
        present=letter.current if agreeing.is_asked(signature, letter) else None,
        agree_sentence=consenting.AGREE_ANEW,
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


def _manage(signature: Signature, data: QueryDict) -> tuple[CorrectForm | AnswerForm, str, str]:
    """Do what a button says. Returns the form that was sent, and in words what was done or why not."""
    form = CorrectForm()
    match data.get("act"):
        case "hide":
            signing.hide(signature)
            return form, _("Your name is hidden. Your signature still counts."), ""
        case "withdraw":
            signing.withdraw(signature)
            return form, _("Your signature is withdrawn."), ""
        case "erase":
            signing.erase(signature)
            return form, _("Everything personal about your signature is erased."), ""
        case "unsubscribe":
            signing.unsubscribe(signature)
            return form, _("You will get no more news of this letter."), ""
        case "correct":
            return *_correct(signature, data), ""
        case "as_is":
            return form, _thanks_for_answer(answering.confirm(signature)), ""
        case "answer":
            return *_answer(signature, data), ""
        case "agree":
            return form, *_agree(signature, data.get("version", ""))
    return form, "", ""


def _correct(signature: Signature, data: QueryDict) -> tuple[CorrectForm, str]:
    form = CorrectForm(data, kind=signature.kind)
    if not form.is_valid() or signature.erased_at:
        return form, ""
    if signing.correct(signature, name=form.cleaned_data["name"]):
        return CorrectForm(), _("Your name is corrected.")
    return CorrectForm(), _("The new name is being checked. The old one stands until then.")


def _agree(signature: Signature, version: str) -> tuple[str, str]:
    """Put the signature under the text that was read. Returns in words what was done, or why not."""
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 6 else 0
    language = translation.get_language() or "en"
    try:
        agreeing.agree(signature, version=number, language=language)
    except agreeing.VersionChanged:
        return "", _("The text was changed while you were reading. Please read it again.")
    except agreeing.LetterNotOpen:
        return "", _("The letter is closed: your signature stands where it stood.")
    except agreeing.NothingToAgreeTo:
        return "", _("Nothing was changed.")
    return _("Your signature stands under the changed text."), ""


def _answer(signature: Signature, data: QueryDict) -> tuple[CorrectForm | AnswerForm, str]:
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
