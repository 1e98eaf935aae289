"""Sessions of staff end by themselves, show a second factor, and leave nothing in a cache."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language_from_path

from accounts import proving, second_factors

SIGNED_IN_PAGES = ("/accounts/", "/admin/", "/desk/", "/dev/", "/organisations/")
OF_THE_DESK = ("/admin/", "/desk/")
LONGEST = timedelta(hours=12).total_seconds()
# The half hour of rest is SESSION_COOKIE_AGE; whoever works pushes it along, at most this often
MOVED_EVERY = timedelta(minutes=1).total_seconds()
# Not "cookies": the session's is deleted anyway, and the browser stays known (known_browsers)
CLEAR = '"cache", "storage"'
SETTING_UP = ("/accounts/", "/dev/")


def needs_sign_in(path: str) -> bool:
    """Whether the path, in any language, is one for which somebody signs in."""
    return _without_language(path).startswith(SIGNED_IN_PAGES)


def _without_language(path: str) -> str:
    language = get_language_from_path(path)
    return path.removeprefix(f"/{language}") if language else path


def _repairs(path: str) -> bool:
    """Whether a POST to this path changes something by Django's admin."""
    path = _without_language(path)
    return path.startswith("/admin/") and path != "/admin/logout/"


class StaffSessions:
    """Twelve hours after sign-in the session ends, work or not. Its end clears the browser of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not needs_sign_in(request.path_info):
            return self.get_response(request)
        was_signed_in = SESSION_KEY in request.session
        if was_signed_in:
            self._keep_time(request)
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        if was_signed_in and SESSION_KEY not in request.session:
            response.headers["Clear-Site-Data"] = CLEAR
        return response

    def _keep_time(self, request: HttpRequest) -> None:
        now, session = int(time.time()), request.session
        if now - session.setdefault("began_at", now) >= LONGEST:
            session.flush()
        elif now - session.get("seen_at", 0) >= MOVED_EVERY:
            session["seen_at"] = now


class SecondFactor:
    """Who has shown none is sent to set one up, whatever page of the staff's was asked for.

    Who has one and has not shown it is signed out. Who speaks for an organisation needs none, and sees its
    space and no desk. Whoever repairs something in Django's admin has just come
    in, or proves again to be there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if not needs_sign_in(path) or not request.user.is_authenticated:
            return self.get_response(request)
        if not request.user.works_here and _without_language(path).startswith(OF_THE_DESK):
            return redirect("spaces:home")
        if request.user.works_here and proving.came_by_code_alone(request):
            # who was given a role between asking for a code as a speaker and typing it
            logout(request)
            return redirect("account_login")
        if second_factors.is_shown(request):
            if request.method == "POST" and _repairs(path) and not proving.is_fresh(request):
                return proving.ask(request, then=path)
            return self.get_response(request)
        if second_factors.has_one(request.user):
            # it began before the factor was set up, and would be a way around it
            logout(request)
            return redirect("account_login")
        if _without_language(path).startswith(SETTING_UP) or not request.user.works_here:
            return self.get_response(request)
        return redirect("mfa_index")
