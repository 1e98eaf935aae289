"""Who may let names leave. On the command line it is the operator, and the trail says so."""

from django.conf import settings


class ReleaseNotAllowed(Exception):
    """Names leave by the operator's own act only where OPERATOR_MAY_RELEASE says so."""


def check_operator() -> None:
    """Raises ReleaseNotAllowed."""
    if not settings.OPERATOR_MAY_RELEASE:
        raise ReleaseNotAllowed
