"""Anybody may say that a listed name is wrong. That alone changes nothing: a moderator looks at it."""

import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from outbox import alerting
from scrutiny import limits
from signatories.models import Listing, Report, Signature

logger = logging.getLogger(__name__)

PER_NETWORK = "reports_per_network_in_24_hours"
PER_NAME = "open_reports_per_name"
FLOOD = 10  # times what one network may report
FLOODED = gettext_noop(
    "One network reports more names than people do. What it reports from now on is not put into the queue"
    " today; other networks are heard as always."
)
WEAK_FIRST = ("other", "not_real", "others_name", "not_me")


@transaction.atomic
def report(listing: Listing, *, reason: str, network: str | None) -> bool:
    """Note that a listed name is said to be wrong, and put it into the moderators' queue.

    Returns whether that was noted; who reports is never told. One network reports a name once a day, where
    a stronger reason takes the place of a weaker one, and only so many names under one letter, unless nobody
    else has reported the name. Ten times as many are one network's flood: the alert of it counts the rest,
    and nothing more is kept of them. A name that many have reported waits once and is not reported more.
    """
    signature = Signature.objects.select_for_update().get(pk=listing.signature_id)
    if not signature.is_standing() or not _note(signature, reason, network):
        return False
    if signature.reported_at is None:
        signature.reported_at = timezone.now()
        signature.save(update_fields=["reported_at"])
    logger.info("signature %s reported: %s", signature.pk, reason)
    return True


def close(signature: Signature) -> None:
    """Answer every report of a name whose row the caller has locked and saves."""
    signature.reported_at = None
    signature.reports.filter(closed_at=None).update(closed_at=timezone.now())


def _note(signature: Signature, reason: str, network: str | None) -> bool:
    known = signature.reports.filter(network=network).first() if network else None
    if known is None:
        if _is_too_much(signature, network):
            return False
        Report.objects.create(signature=signature, reason=reason, network=network)
        return True
    if WEAK_FIRST.index(reason) <= WEAK_FIRST.index(known.reason):
        return False
    known.reason, known.at, known.closed_at = reason, timezone.now(), None
    known.save(update_fields=["reason", "at", "closed_at"])
    return True


def _is_too_much(signature: Signature, network: str | None) -> bool:
    """Whether enough is said; the first that is said against a name always finds a hearing."""
    most = limits.limits(PER_NETWORK, PER_NAME)
    already = signature.reports.filter(closed_at=None).count()
    under_it = Report.objects.filter(signature__letter=signature.letter_id)
    names = under_it.filter(network=network).count() if network else 0
    if names >= FLOOD * most[PER_NETWORK]:
        alerting.raise_alert("flood of reports", about=f"letter {signature.letter_id}", reason=FLOODED)
        return True
    if not already:
        return False
    return names >= most[PER_NETWORK] or already >= most[PER_NAME]
