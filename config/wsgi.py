"""The way in from the web server."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# A visitor is better told to come back than kept waiting; workers and commands take the time they need.
os.environ.setdefault("LOCK_TIMEOUT", "2")
os.environ.setdefault("STATEMENT_TIMEOUT", "10")
django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django, spared what a request says of its own encoding: ours are UTF-8, whatever they claim.

    Django decodes forms and queries by any codec that Python knows, among them some that are none of text.
    """
    environ["CONTENT_TYPE"] = plain(environ.get("CONTENT_TYPE", ""))
    return django(environ, start_response)


def plain(content_type: str) -> str:
    """The media type, and of its parameters only the boundary between a form's parts (RFC 2046)."""
    media_type, *parameters = content_type.split(";")
    boundaries = [text for text in parameters if text.strip().lower().startswith("boundary=")]
    return ";".join([media_type.strip(), *boundaries[:1]])
