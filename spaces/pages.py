"""What every page of an organisation's space begins with."""

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import proving
from accounts.models import User
from spaces.models import Membership
from spaces.opening import NotSpeaker

View = Callable[..., HttpResponse]
PROVEN_WITHIN = timedelta(minutes=15)


def signed_in(view: View) -> View:
    """A page for who has signed in; others are asked to, by a code that is mailed to them."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **arguments: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return ask(request, then=request.path)
        return view(request, *args, **arguments)

    return guarded


def space_page(
    *, speaks: bool = False, is_proven: bool = False, on_trial: bool = True
) -> Callable[[View], View]:
    """Hand the membership to the view of who has one: 404 for an organisation of others.

    `speaks`, for speakers alone: 403 to editors. `is_proven`, for what is done in the organisation's name:
    who has not proven their mailbox within a quarter of an hour signs in anew. Without `on_trial`, for what
    nobody does whom an invitation alone let in.
    """

    def decorator(view: View) -> View:
        @signed_in
        @functools.wraps(view)
        def guarded(request: HttpRequest, organisation: str, **arguments: Any) -> HttpResponse:
            member = membership(request, organisation)
            if words := _refused(member, speaks=speaks, on_trial=on_trial):
                return render(request, "spaces/refused.html", {"member": member, "words": words}, status=403)
            if is_proven and not proving.is_fresh(request, within=PROVEN_WITHIN):
                then = reverse("spaces:space", kwargs={"organisation": organisation})
                logout(request)
                messages.info(
                    request, _("Nothing was done yet: sign in once more first, to show that it is you.")
                )
                return ask(request, then=request.path if request.method == "GET" else then)
            try:
                return view(request, member, **arguments)
            except NotSpeaker:  # a merge has moved or ended the membership meanwhile
                raise Http404 from None

        return guarded

    return decorator


def _refused(member: Membership, *, speaks: bool, on_trial: bool) -> str:
    """Why the member may not, in words; nothing if they may."""
    if speaks and not member.may_speak():
        return _("Only its speakers do that. They say who else is one.")
    if member.is_on_trial() and not on_trial:
        return _("That opens once a moderator has approved what you sign for it.")
    return ""


def membership(request: HttpRequest, organisation: str) -> Membership:
    """The membership of who asks in the organisation. Raises Http404."""
    mine = Membership.objects.select_related("organisation", "user").filter(user=user_of(request))
    member = mine.filter(organisation__public_id=organisation).first()
    if member is None:
        raise Http404
    return member


def user_of(request: HttpRequest) -> User:
    """Who asks, behind a page for who has signed in."""
    assert isinstance(request.user, User)  # noqa: S101 - for the type checker
    return request.user


def ask(request: HttpRequest, *, then: str) -> HttpResponse:
    """Send somebody to where they sign in by a mailed code, and on to the path `then`."""
    return redirect(f"{reverse('spaces:sign_in')}?{urlencode({'next': then})}")
