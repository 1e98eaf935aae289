"""Faults may be told to a Sentry of the operator's: where they happened and of what kind, nothing else.

An event is built anew from what stands in a list here, not thinned out: whatever a later release of the SDK
thinks of adding stays at home.
"""

import logging
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.redacting import redact

OF_EVENT = ("event_id", "timestamp", "level", "platform", "logger", "release", "environment", "sdk")
OF_FRAME = ("filename", "function", "module", "lineno", "in_app")


def start(dsn: str) -> None:
    """Report faults to `dsn` from now on; without one nothing is loaded or sent. Raises ImproperlyConfigured.

    Web, worker and commands log every fault at the level of errors: listening there is enough, and nothing
    of the SDK has to look into requests, tasks or queries.
    """
    if not dsn:
        return
    import sentry_sdk
    from sentry_sdk.integrations.atexit import AtexitIntegration
    from sentry_sdk.integrations.excepthook import ExcepthookIntegration
    from sentry_sdk.integrations.logging import LoggingIntegration
    from sentry_sdk.integrations.threading import ThreadingIntegration
    from sentry_sdk.utils import BadDsn

    try:
        sentry_sdk.init(
            dsn=dsn,
            default_integrations=False,
            auto_enabling_integrations=False,
            integrations=[
                LoggingIntegration(level=None, event_level=logging.ERROR, sentry_logs_level=None),
                ExcepthookIntegration(),
                ThreadingIntegration(propagate_scope=False),
                AtexitIntegration(callback=lambda pending, timeout: None),
            ],
            before_send=scrubbed,
            before_send_transaction=lambda event, hint: None,
            include_local_variables=False,
            include_source_context=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            auto_session_tracking=False,
            send_client_reports=False,
            enable_logs=False,
            enable_metrics=False,
            propagate_traces=False,
            trace_propagation_targets=[],
            spotlight=False,
            server_name="",
        )
    except BadDsn as error:
        raise ImproperlyConfigured("SENTRY_DSN is not the address of a Sentry project.") from error


def scrubbed(event: Any, hint: dict[str, Any]) -> Any:
    """The event with kind and places of the fault, and the template of the line that told of it."""
    hint["attachments"] = []
    kept = {name: event[name] for name in OF_EVENT if name in event}
    if template := (event.get("logentry") or {}).get("message"):
        # without its parameters, which the event carries apart from it
        kept["logentry"] = {"message": redact(str(template).partition("\n")[0])}
    faults = (event.get("exception") or {}).get("values") or []
    if faults:
        kept["exception"] = {"values": [_fault(fault) for fault in faults]}
    return kept


def _fault(fault: dict[str, Any]) -> dict[str, Any]:
    frames = (fault.get("stacktrace") or {}).get("frames") or []
    places = [{name: frame[name] for name in OF_FRAME if name in frame} for frame in frames]
    kind = {name: fault[name] for name in ("type", "module") if fault.get(name)}
    return kind | {"stacktrace": {"frames": places}}
