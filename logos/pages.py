"""The page on which a logo is handed in; each part of the site that has one frames it its own way."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.models import User
from logos import replacing
from logos.forms import LogoForm
from logos.replacing import Owner


def answer(
    request: HttpRequest, owner: Owner, *, by: User, template: str, then: str, **context: object
) -> HttpResponse:
    """Show the form, or do what was posted and go on to `then`; `remove` takes the logo away."""
    if request.method == "POST" and "remove" in request.POST:
        replacing.remove(owner, by=by)
        messages.success(request, _("Removed."))
        return redirect(then)
    form = LogoForm(request)
    if request.method == "POST" and form.is_valid():
        replacing.replace(owner, form.cleaned_data["picture"], by=by)
        messages.success(request, _("Saved."))
        return redirect(then)
    about = {"form": form, "logo": replacing.logo_of(owner), "back": then}
    return render(request, template, about | context, status=422 if form.errors else 200)
