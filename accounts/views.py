"""Setting up a second factor, and the sessions in which somebody is signed in."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import reauthenticate
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts import second_factors, sessions
from accounts.models import User


class Shows:
    """Who has just set a factor up has shown it: the browser goes on with it."""

    request: HttpRequest

    def form_valid(self, form: Form) -> HttpResponse:
        response = super().form_valid(form)  # type: ignore[misc]
        second_factors.note_shown(self.request)
        return response


class ActivateApp(Shows, ActivateTOTPView):
    """Set up an app; its code was just typed."""


class AddKey(Shows, AddWebAuthnView):
    """Add a passkey or key, which was just touched."""


class RemoveKey(RemoveWebAuthnView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The last second factor stays, as for the app's codes allauth sees to itself."""
        key = self.get_queryset().filter(pk=kwargs["pk"]).first() if request.user.is_authenticated else None
        adapter = get_mfa_adapter()
        if key and not adapter.can_delete_authenticator(key):
            reason = adapter.error_messages["cannot_delete_authenticator"]
            get_adapter().add_message(request, messages.ERROR, message=str(reason))
            return redirect("mfa_list_webauthn")
        return super().dispatch(request, *args, **kwargs)


@login_required
def prove_again(request: HttpRequest) -> HttpResponseBase:
    """Is it still you? By the second factor wherever there is one: a password may have been overheard."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - for the type checker
    if not second_factors.has_one(user):
        return reauthenticate(request)
    way = "mfa_reauthenticate_webauthn" if second_factors.has_passkey(user) else "mfa_reauthenticate"
    return redirect(f"{reverse(way)}?{request.GET.urlencode()}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def signed_in(request: HttpRequest) -> HttpResponse:
    """Where somebody is signed in; POST `session` ends that one, POST `others` all but this one."""
    user, own = request.user, request.session.session_key
    assert isinstance(user, User)  # noqa: S101 - for the type checker
    if request.method == "POST":
        ended = sessions.end(user, but=own, kept=request.POST.get("session"))
        told = ngettext("%(count)s session is ended.", "%(count)s sessions are ended.", ended)
        messages.success(request, told % {"count": ended})
        return redirect("account_sessions")
    rows = [(row, row.session_key == sessions.kept_as(own or "")) for row in sessions.sessions_of(user)]
    return render(request, "account/sessions.html", {"sessions": rows})
