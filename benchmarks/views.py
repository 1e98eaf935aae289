"""The least that a Django site could do, behind our middleware: what our pages are compared with."""

from functools import lru_cache

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from benchmarks.models import PlainSignature
from outbox import posting
from outbox.models import Message
from signatories import signing
from signatories.forms import SignForm
from signatories.origins import origin_checked
from signatories.pages import SeeOther, form_for, public_letter

KEPT = (
    "kind", "name", "email", "country", "role", "affiliation", "organisation", "website", "visibility",
    "updates",
)  # fmt: skip


@csrf_exempt  # as on our own page, which looks at the origin instead
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    """Our form, one INSERT of the answers, one into the outbox, and the next page."""
    form = SignForm(request.POST, version=1)
    if not form.is_valid():
        return HttpResponse(status=422)
    answers = {field: form.cleaned_data[field] for field in KEPT}
    with transaction.atomic():
        signature = PlainSignature._default_manager.create(letter=slug, **answers)
        Message.objects.create(kind="plain", subject=signature.pk)
    return HttpResponse(status=303, headers={"Location": f"/letters/{slug}/check-your-email/"})


@origin_checked
def sign_unseen(request: HttpRequest, slug: str) -> HttpResponse:
    """Our own sign page, but nobody looks at the request: what is left without the layers against abuse."""
    letter = public_letter(slug)
    form = form_for(letter, request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    answers = {field: form.cleaned_data[field] for field in KEPT}
    signing.sign(letter, language="en", version=form.cleaned_data["version"], **answers)
    posting.nudge()
    return SeeOther("signatories:check_your_email", slug=slug)


def constant(request: HttpRequest, size: int) -> HttpResponse:
    """A page of `size` bytes that is ready."""
    return HttpResponse(_page(size))


@lru_cache(maxsize=4)
def _page(size: int) -> bytes:
    return b"x" * size
