"""The mail box of the developer's own machine."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from outbox import box
from vault.loopback import loopback_only


@loopback_only
@never_cache
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """The newest mails, all on one page, with address and subject."""
    return render(request, "dev/mails.html", {"mails": box.newest()})


@loopback_only
@never_cache
@require_safe
def mail(request: HttpRequest, mail_id: str) -> HttpResponse:
    """One mail's plain text, its links to be followed."""
    found = box.find(mail_id)
    if found is None:
        raise Http404
    return render(request, "dev/mail.html", {"mail": found})
