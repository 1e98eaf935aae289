"""With DEBUG, on the developer's own machine: sign in as one of the staff, without password and code."""

import logging
import time

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts import second_factors
from accounts.middleware import LONGEST
from accounts.models import User
from vault.loopback import loopback_only

logger = logging.getLogger(__name__)


@loopback_only
@require_http_methods(["GET", "HEAD", "POST"])
def cast(request: HttpRequest) -> HttpResponse:
    """List who works here; POST `user` signs in as one of them."""
    staff = User.objects.filter(is_active=True)
    if request.method != "POST":
        people = staff.prefetch_related("roles__letter").order_by("pk")
        return render(request, "dev/cast.html", {"people": people})
    number = request.POST.get("user", "")
    user = get_object_or_404(staff, pk=int(number) if number.isdecimal() else 0)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    second_factors.note_shown(request)
    # Nobody of the cast has a passkey to prove with: for this session they have always just shown one
    ahead = time.time() + LONGEST
    record_authentication(request, user, "mfa", type=Authenticator.Type.WEBAUTHN, at=ahead)
    logger.info("user %s signed in through the developer's door", user.pk)
    return redirect(settings.LOGIN_REDIRECT_URL)
