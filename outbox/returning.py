"""What comes back of our mail: complaints (RFC 5965) and bounces that arrive later (RFC 3464).

Reports tell of the mail that they are about by quoting it. Of all that stands in them only its Message-ID is
used, which nobody knows but who got the mail and those who carried it; what is unknown changes nothing.
"""

import logging
import re
from email import message_from_bytes
from email.message import Message as Mime
from email.parser import BytesHeaderParser, HeaderParser
from enum import Enum
from typing import NamedTuple

from django.db import transaction

from outbox import building, clock
from outbox.models import Message

MOST = 200_000  # bytes of a report that are read: what it quotes comes last, and of that its headers first
# Python takes a mail apart in a time that grows by its lines times the depth of its parts
MOST_LINES, MOST_PARTS = 20_000, 20
COMPLAINTS = frozenset({"abuse", "fraud", "virus", "other", "opt-out", "opt-out-list"})
MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
DEEPEST = 5  # a report within a forwarded report, and so on

logger = logging.getLogger(__name__)


class Tangled(Exception):
    """A mail of more lines or parts than a report has; it is not taken apart, which would take too long."""


class Return(Enum):
    """Why something came back."""

    COMPLAINT = "complained_at"
    BOUNCE = "bounced_at"


class Report(NamedTuple):
    why: Return
    message_id: str


def parsed(content: bytes) -> Mime:
    """The beginning of a mail, taken apart. Raises Tangled."""
    content = content[:MOST]
    lines = content.count(b"\n") + content.count(b"\r") - content.count(b"\r\n")
    if lines > MOST_LINES or content.lower().count(b"boundary") > MOST_PARTS:
        raise Tangled
    return message_from_bytes(content)


def read(content: bytes, *, mail: Mime | None = None) -> Report | None:
    """What a mail reports, or None if it is no report of ours to act on: "not spam", "delayed", an answer.

    `mail` is the same, where somebody has taken it apart already.
    """
    try:
        report = report_in(mail or parsed(content))
        why, message_id = (_why(report), quoted_id(report)) if report else (None, "")
    except (Tangled, RecursionError):  # parts within parts, without an end
        return None
    return Report(why, message_id) if why and message_id else None


def record(content: bytes, *, mail: Mime | None = None) -> Return | None:
    """Note what a mail reports at the message that it is about, once. None: nothing new is known."""
    report = read(content, mail=mail)
    return note(report) if report else None


@transaction.atomic
def note(report: Report) -> Return | None:
    """Note at the message that it was complained about or came back, once. None: nothing new is known.

    Who posted it is told in the same transaction, so that brakes and limits may count.
    """
    messages = Message.objects.select_for_update().filter(message_id=report.message_id)
    message = messages.filter(**{report.why.value: None}).first()
    if message is None:
        return None
    at = clock.now()
    Message.objects.filter(pk=message.pk).update(**{report.why.value: at})
    owner = building.builder(message.kind)
    if report.why is Return.COMPLAINT and owner.complained:
        owner.complained(message, at)
    if report.why is Return.BOUNCE and owner.dead:
        owner.dead(message)
    logger.warning("message %s: %s", message.pk, report.why.name.lower())
    return report.why


def report_in(mail: Mime, depth: int = DEEPEST) -> Mime | None:
    """The report that a mail is or brings along."""
    if mail.get_content_type() == "multipart/report":
        return mail
    if depth and mail.is_multipart():
        inside = (report_in(part, depth - 1) for part in mail.get_payload())  # type: ignore[arg-type, union-attr]
        return next(filter(None, inside), None)
    return None


def _why(report: Mime) -> Return | None:
    for part in report.walk():
        kind = part.get_content_type()
        if kind == "message/feedback-report" and _fields(part, "Feedback-Type") & COMPLAINTS:
            return Return.COMPLAINT
        if kind == "message/delivery-status" and "failed" in _fields(part, "Action"):
            return Return.BOUNCE
    return None


def blocks(part: Mime) -> list[Mime]:
    """The groups of fields in a part that consists of fields, which Python reads in different ways."""
    payload = part.get_payload()
    return payload if isinstance(payload, list) else [HeaderParser().parsestr(str(payload).lstrip())]  # type: ignore[return-value]


def _fields(part: Mime, name: str) -> set[str]:
    """Every value of a field in such a part."""
    found = (str(value) for block in blocks(part) for value in block.get_all(name, []))
    return {value.partition(";")[0].strip().lower() for value in found}


def quoted_id(report: Mime) -> str:
    """The Message-ID of the mail that the report quotes, whole or by its headers only."""
    for part in report.walk():
        kind = part.get_content_type()
        quoted = part.get_payload()
        if kind == "message/rfc822" and isinstance(quoted, list) and quoted:
            headers = quoted[0]
        elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
            text = part.get_payload(decode=True)
            headers = BytesHeaderParser().parsebytes(text.lstrip() if isinstance(text, bytes) else b"")
        else:
            continue
        if found := MESSAGE_ID.search(str(headers["Message-ID"] or "")):  # type: ignore[index]
            return found[0]
    return ""
