"""Taking in what came back of our mail, from the mailbox it comes back to."""

import logging
import time

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext_noop

from deliveries.returns import mailbox, returned
from deliveries.returns.mailbox import FLAGGED, SEEN, Mailbox, MailboxUnreachable, MailUnreadable
from outbox import alerting, turns
from outbox import returning as returns

AT_ONCE = 200  # mails a turn
LONGEST = 30  # seconds of a turn, after which no further mail is begun
ALERT = "returns"

logger = logging.getLogger(__name__)


def collect() -> int:
    """Read what is new in the mailbox that IMAP_URL names; returns how many told something new.

    A mail is marked as read once what it says is recorded, so one that is interrupted is read again, and
    told once all the same. One that cannot be read, or would take long to, is flagged, for a person, and not
    tried again. Nothing is deleted. Where the mailbox cannot be reached an alert says so until it can.
    """
    if not settings.IMAP_URL:
        return 0
    with turns.alone(ALERT) as is_ours:
        return _collect() if is_ours else 0


def _collect() -> int:
    until = time.monotonic() + LONGEST
    told = 0
    try:
        with mailbox.opened() as box:
            for number in box.new(most=AT_ONCE):
                told += _take(box, number)
                if time.monotonic() > until:
                    break
    except MailboxUnreachable as error:
        logger.warning("the mailbox of what comes back: %s", type(error.__cause__ or error).__name__)
        reason = gettext_noop("The mailbox that deliveries come back to cannot be read.")
        alerting.raise_alert(ALERT, reason=reason)
        return 0
    alerting.end(ALERT)
    return told


def _take(box: Mailbox, number: bytes) -> bool:
    try:
        told = record(box.read(number, most=returned.MOST))
    except (OperationalError, InterfaceError):  # the database is away: the mail is as good as before
        raise
    except Exception as error:  # one mail must not stand in the way of those behind it
        kind = "not handed over" if isinstance(error, MailUnreadable) else type(error).__name__
        logger.warning("a returned mail was put aside: %s", kind)
        box.mark(number, FLAGGED)
        return False
    box.mark(number, SEEN)
    return told


@transaction.atomic
def record(content: bytes) -> bool:
    """Note what one mail says of a delivery, or of any other mail of ours; False if that is nothing new.

    Raises Tangled.
    """
    mail = returns.parsed(content)
    return bool(returned.record(content, mail=mail) or returns.record(content, mail=mail))
