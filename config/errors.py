"""The pages for what went wrong. They ask neither database nor cache, which may be what is broken."""

import logging
import secrets
import sys

import redis
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from psycopg.errors import ReadOnlySqlTransaction

from letters.languages import html_language

logger = logging.getLogger(__name__)

PASSING = (OperationalError, InterfaceError, redis.ConnectionError)
RETRY_AFTER = "30"  # seconds
PLAIN = "text/plain; charset=utf-8"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request itself cannot be understood, or is too large."""
    return _page("errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: from another site, or without the right to."""
    return _page("errors/403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 from Django's own check, with the same page."""
    return _page("errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing here, or nothing for this reader."""
    return _page("errors/404.html", status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    """429: more attempts to sign in, pages of names, or files to check, than the limits allow."""
    return _page("errors/429.html", status=429)


def broken(request: HttpRequest) -> HttpResponse:
    """500 with a random reference to find the log line by; 503 while database or broker are away."""
    reference = secrets.token_hex(4)
    exception = sys.exc_info()[1]
    # the kind alone: messages of exceptions hold what people typed
    logger.error("reference %s: %s", reference, type(exception).__name__)
    if _will_pass(exception):
        response = _page("errors/503.html", status=503, reference=reference)
        response["Retry-After"] = RETRY_AFTER
        return response
    return _page("errors/500.html", status=500, reference=reference)


def resting(request: HttpRequest) -> HttpResponse:
    """503 while the site is only to be read."""
    response = _page("errors/503.html", status=503)
    response["Retry-After"] = RETRY_AFTER
    return response


def _will_pass(exception: BaseException | None) -> bool:
    """Whether a database or broker is away, busy for too long, or (while it is mended) only to be read."""
    return isinstance(exception, PASSING) or isinstance(
        getattr(exception, "__cause__", None), ReadOnlySqlTransaction
    )


def _page(template: str, *, status: int, reference: str = "") -> HttpResponse:
    language = translation.get_language() or settings.LANGUAGE_CODE
    context = {
        "language": html_language(language),
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "reference": reference,
        "site_name": settings.SITE_NAME,
    }
    try:
        response = HttpResponse(render_to_string(template, context), status=status)
    except Exception as error:
        # styles that were never collected, a template that is missing: the visitor still gets an answer
        logger.error("%s: %s", template, type(error).__name__)
        response = HttpResponse(f"{status} {reference}\n", status=status, content_type=PLAIN)
    response["Cache-Control"] = "no-store"
    return response
