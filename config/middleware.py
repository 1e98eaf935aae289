"""Headers and language, the same for every page."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import translation

from accounts.middleware import needs_sign_in
from config import errors
from letters.languages import html_language
from scrutiny import steering
from scrutiny.models import Switch

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
        "microphone", "midi", "payment", "usb", "browsing-topics", "interest-cohort",
    )
)  # fmt: skip

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
PRIVATE = re.compile(r"/(?:[a-z-]+/)?[smuod]/")
REFLECTING = {"TRACE", "TRACK", "CONNECT"}  # they repeat what a browser sent, cookies included

Handler = Callable[[HttpRequest], HttpResponse]


class SafeHeaders:
    """The outermost of all: whatever answers further in, be it a file, a fault or a refusal, is as safe.

    Django's own middleware sets most of these, but only on answers that come through it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in REFLECTING:
            response: HttpResponse = HttpResponseNotAllowed(["GET", "HEAD", "OPTIONS", "POST"])
        else:
            response = self.get_response(request)
        if PRIVATE.match(request.path_info):
            # a mistyped secret is one still, so errors are told to nobody either
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["Cache-Control"] = "no-store"
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if not getattr(response, "xframe_options_exempt", False):
            response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        return response


class Switches:
    """While the site is only to be read nothing of the public's is changed; staff go on.

    What is thrown stands in `request.thrown` for views, asked for once, and only when something is posted.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and not needs_sign_in(request.path_info):
            request.thrown = steering.thrown()  # type: ignore[attr-defined]
            if Switch.Name.READ_ONLY in request.thrown:  # type: ignore[attr-defined]
                return errors.resting(request)
        return self.get_response(request)


class LanguageFromPath:
    """The address alone decides the language: no cookie, no Vary, so pages can be shared by caches."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", html_language(language))
        return response
