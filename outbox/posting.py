"""The way in: one row in the caller's own transaction, and a nudge that may fail."""

import logging
import threading
import time
from datetime import datetime

from celery import current_app

from outbox.models import Lane, Message

NUDGE_EVERY = 1.0
AFTER_FAILURE = 30.0

logger = logging.getLogger(__name__)
_gate = threading.Lock()
_closed_until = 0.0


def post(
    kind: str,
    *,
    subject: int,
    dedupe_key: str | None = None,
    at: datetime | None = None,
    lane: Lane = Lane.FAST,
) -> Message:
    """Record that a message of `kind` about `subject` (an id) has to leave, not before `at` (UTC).

    One INSERT in the caller's transaction, whatever happens: a second message with the same
    `dedupe_key` is folded into the first, whose id is returned. Nothing is sent and no broker
    is asked; call `nudge` after the commit.
    """
    message = Message(kind=kind, subject=subject, dedupe_key=dedupe_key, lane=lane)
    if at is not None:
        message.next_at = at
    Message.objects.bulk_create(
        [message], update_conflicts=True, unique_fields=["dedupe_key"], update_fields=["dedupe_key"]
    )
    return message


def nudge() -> None:
    """Ask a worker to send now rather than at the next tick; at most once a second, and never failing.

    While the broker is away it is left alone for half a minute, so that no visitor waits for it.
    """
    global _closed_until
    with _gate:
        if time.monotonic() < _closed_until:
            return
        _closed_until = time.monotonic() + NUDGE_EVERY
    try:
        current_app.send_task("outbox.drain", expires=10, retry=False)
    except Exception as error:  # the row is safe, so whatever the broker says is no one's affair here
        _closed_until = time.monotonic() + AFTER_FAILURE
        logger.warning("no worker could be nudged: %s", type(error).__name__)
