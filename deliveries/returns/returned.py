"""What mail servers report of a delivery after it left (RFC 3464), in the mails that come back.

A report finds its delivery by the tag of its return path, by the envelope's id, which is the same tag, or by
the Message-ID that it quotes. The tag is known to us, to the servers on the way and to the office, the
Message-ID to whomever the office shows the mail. Whoever knows one could forge a report. What that can do:
add a line to the delivery's record, some hundred at most, as a mail server's word, and have those who
deliver the letter told once that it came back. Who knows the Message-ID alone fills half of that, and the
rest is kept for who knows the tag. What it cannot: change a delivery, have anything sent again,
remove what others reported, or learn anything, since nothing is answered. A report that it arrived is
believed by the tag alone; that it came back, the public is told by the tag alone, and the desk by either.
"""

import hashlib
import logging
from collections.abc import Iterable
from email.message import Message as Mime
from typing import NamedTuple

from django.db import transaction

from deliveries import announcing
from deliveries.models import Delivery, Report
from deliveries.models.deliveries import DeliveryQuerySet
from deliveries.returns import returning
from outbox import returning as returns
from outbox.transports import ADDRESS, ENHANCED

MOST = returns.MOST  # bytes of a mail that are read
MOST_REPORTS = 100  # of machines, about one delivery
WORDS = 500  # characters of what a server said
LOOKED_AT = 2000  # characters of it that are looked at for addresses
ADDRESSED = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
STATUS = "message/delivery-status"
# RFC 3464, 2.3.3, what weighs most first: "relayed" only says that the next server tells nothing
ACTIONS = {
    "failed": Report.Kind.BOUNCED,
    "delayed": Report.Kind.DELAYED,
    "delivered": Report.Kind.DELIVERED,
    "relayed": Report.Kind.NOTED,
    "expanded": Report.Kind.NOTED,
}

logger = logging.getLogger(__name__)


class Returned(NamedTuple):
    """What a mail reports: of which delivery, and what became of it."""

    tags: list[str]
    message_id: str
    kind: Report.Kind
    words: str
    facts: dict[str, str]


def read(content: bytes, *, mail: Mime | None = None) -> Returned | None:
    """What a mail reports of a delivery of ours, if it is a report; answers and notices are none.

    `mail` is the same, where somebody has taken it apart already. Nothing is looked up. Whatever the bytes
    are, nothing is raised.
    """
    try:
        return _read(mail or returns.parsed(content))
    except Exception as error:  # Python's parser fails in as many ways as there are broken mails
        logger.warning("a returned mail could not be read: %s", type(error).__name__)
        return None


def record(content: bytes, *, mail: Mime | None = None) -> Report | None:
    """Add what a mail reports to the record of its delivery, once. None: nothing new is known."""
    told = read(content, mail=mail)
    tagged = _by_tag(told) if told else None
    delivery = tagged or (_by_message_id(told) if told else None)
    if told is None or delivery is None:
        return None
    facts = told.facts if tagged else told.facts | {"matched": Report.BY_MESSAGE_ID}
    return note(
        delivery, kind=told.kind, source=Report.Source.SERVER, words=told.words, facts=facts,
        digest=hashlib.sha256(content[:MOST]).hexdigest(),
        most=MOST_REPORTS if tagged else MOST_REPORTS // 2,
    )  # fmt: skip


@transaction.atomic
def note(
    delivery: Delivery, *, kind: Report.Kind, source: Report.Source, words: str, facts: dict[str, str],
    digest: str, most: int | None = None,
) -> Report | None:  # fmt: skip
    """Add what a machine said of a delivery, under the SHA-256 of what came. None if it is known already.

    None, too, if there are `most` already (default: MOST_REPORTS). Those who deliver the letter are told when
    it first came back.
    """
    Delivery.objects.select_for_update().values("pk").get(pk=delivery.pk)
    mine = Report.objects.filter(delivery=delivery, by=None)
    if Report.objects.filter(digest=digest).exists() or mine.count() >= (most or MOST_REPORTS):
        return None
    is_first = not mine.filter(kind=kind).exists()
    report = Report.objects.create(
        delivery=delivery, kind=kind, source=source, words=words, facts=facts, digest=digest
    )
    if kind == Report.Kind.BOUNCED and is_first:
        announcing.tell_of_trouble(delivery)
    logger.warning("delivery %s: %s, by a %s", delivery.pk, report.kind, report.source)
    return report


def clean(text: str, *, most: int = WORDS) -> str:
    """What a server said, in one line, without addresses, and as a database can hold it."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text[:LOOKED_AT])
    return " ".join(ADDRESS.sub("<address>", plain).split())[:most]


def _read(mail: Mime) -> Returned | None:
    report = returns.report_in(mail)
    parts = [part for part in report.walk() if part.get_content_type() == STATUS] if report else []
    if report is None or not parts:
        return None
    blocks = [block for part in parts for block in returns.blocks(part)]
    actions = {(_field(block, "Action").split() or [""])[0].lower(): block for block in reversed(blocks)}
    action = next((one for one in ACTIONS if one in actions), None)
    if action is None:
        return None
    status = ENHANCED.search(_field(actions[action], "Status"))
    facts = {
        "action": action,
        "status": status[0] if status else "",
        "server": clean(_value(_first(blocks, "Reporting-MTA")), most=100),
    }
    said = clean(_value(_field(actions[action], "Diagnostic-Code")))
    words = said if facts["status"] in said else f"{facts['status']} {said}"
    return Returned(
        _tags(mail, report, blocks), returns.quoted_id(report), ACTIONS[action], words[:WORDS], facts
    )


def _tags(mail: Mime, report: Mime, blocks: list[Mime]) -> list[str]:
    """The tags of return paths by which the report may be about a delivery."""
    addresses = [
        str(value)[:LOOKED_AT]
        for one in (mail, report)
        for name in ADDRESSED
        for value in one.get_all(name, [])
    ]
    tags = [found for address in addresses if (found := returning.tag_of(address))]
    envelope = _first(blocks, "Original-Envelope-Id").strip().lower()
    return [*tags, envelope] if returning.IS_TAG.fullmatch(envelope) else tags


def _by_tag(told: Returned) -> Delivery | None:
    return _rows().filter(return_tag__in=told.tags).order_by("pk").first()


def _by_message_id(told: Returned) -> Delivery | None:
    if told.kind == Report.Kind.DELIVERED or not told.message_id:
        return None
    return _rows().filter(message_id=told.message_id).first()


def _rows() -> DeliveryQuerySet:
    return Delivery.objects.light().select_related("dossier__version__letter")


def _field(block: Mime, name: str) -> str:
    return str(block[name] or "")


def _first(blocks: Iterable[Mime], name: str) -> str:
    return next((value for block in blocks if (value := _field(block, name))), "")


def _value(field: str) -> str:
    """What stands behind the kind of a field: `smtp; 550 no such user` (RFC 3464, 2.1.2)."""
    return field.partition(";")[2] or field
