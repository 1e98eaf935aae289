"""The page on which anybody checks what `verify` does but a folder, against the keys of this site."""

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from deliveries.proofs import keys, verifying
from letters.forms import DeskForm
from letters.views import shared
from scrutiny.rationing import costly
from signatories.origins import origin_checked
from signatories.pages import unlisted

LARGEST = 8_000_000  # bytes: a paper of 20,000 names has half of that
AROUND = 10_000  # bytes that a browser puts around a file


class FileForm(DeskForm):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "A paper or a certificate of delivery (PDF), a case file (ZIP), a list or a receipt (JSON), up "
            "to 8 MB. It is not kept."
        ),
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_too_large())
        return file.read()


@origin_checked
@require_http_methods(["GET", "HEAD", "POST"])
@unlisted
@costly("files_checked_per_network_in_10_minutes", methods=["POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Say whether a file is whole and ours: 200 if it is, 422 if not, or if that cannot be told here.

    A network has so many files checked in ten minutes.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST + AROUND:
        return _page(request, FileForm(), status=413, untold=_too_large())
    if request.method != "POST":
        return _page(request, FileForm())
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        finding = verifying.verify(form.cleaned_data["file"], keys=keys.own_keys())
    except verifying.CheckFailed as error:
        return _page(request, FileForm(), status=422, refused=str(error))
    except verifying.CannotTell as error:
        return _page(request, FileForm(), status=422, untold=str(error))
    return _page(request, FileForm(), status=200 if finding.is_known else 422, finding=finding)


@require_safe
def published_keys(request: HttpRequest) -> HttpResponse:
    """The public key of this site's rolls (Ed25519) and the fingerprint of its certificate (SHA-256)."""
    return shared(JsonResponse(keys.published()))


def _too_large() -> str:
    return _("The file is larger than 8 MB. Check it with the command “verify”.")


def _page(request: HttpRequest, form: FileForm, *, status: int = 200, **found: object) -> HttpResponse:
    context = {"form": form, "keys": keys.published(), **found}
    return render(request, "deliveries/verify.html", context, status=status)
