"""Anybody may say that a listed name is wrong. That alone changes nothing: a moderator looks at it."""

import logging

from django.db import IntegrityError, transaction
from django.utils import timezone

from scrutiny import limits
from signatories.models import Listing, Report, Signature

logger = logging.getLogger(__name__)

PER_NETWORK = "reports_per_network_in_24_hours"
PER_NAME = "open_reports_per_name"


@transaction.atomic
def report(listing: Listing, *, reason: str, network: str | None) -> bool:
    """Note that a listed name is said to be wrong, and put it into the moderators' queue.

    Returns whether that was noted; who reports is never told. One network reports a name once a day, and
    only so many names; a name that many have reported waits once and is not reported more.
    """
    signature = Signature.objects.select_for_update().get(pk=listing.signature_id)
    if not signature.is_standing() or _is_too_much(signature, network):
        return False
    try:
        with transaction.atomic():
            Report.objects.create(signature=signature, reason=reason, network=network)
    except IntegrityError:  # this network has reported this name today
        return False
    if signature.reported_at is None:
        signature.reported_at = timezone.now()
        signature.save(update_fields=["reported_at"])
    logger.info("signature %s reported: %s", signature.pk, reason)
    return True


def _is_too_much(signature: Signature, network: str | None) -> bool:
    most = limits.limits(PER_NETWORK, PER_NAME)
    if network and Report.objects.filter(network=network).count() >= most[PER_NETWORK]:
        return True
    return signature.reports.filter(closed_at=None).count() >= most[PER_NAME]
