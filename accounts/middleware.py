"""Sessions of staff end by themselves, and what staff see is kept by no cache."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_path

STAFF_PAGES = ("/accounts/", "/admin/", "/desk/", "/dev/")
LONGEST = timedelta(hours=12).total_seconds()
# The half hour of rest is SESSION_COOKIE_AGE; whoever works pushes it along, at most this often
MOVED_EVERY = timedelta(minutes=1).total_seconds()
CLEAR = '"cache", "cookies", "storage"'


def is_staff_page(path: str) -> bool:
    """Whether the path, in any language, is one that only staff see."""
    language = get_language_from_path(path)
    return (path.removeprefix(f"/{language}") if language else path).startswith(STAFF_PAGES)


class StaffSessions:
    """Twelve hours after sign-in the session ends, work or not. Its end clears the browser of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_staff_page(request.path_info):
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
