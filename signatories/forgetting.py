"""Erase personal data when its time is over."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from signatories import signing
from signatories.models import LinkRequest, Signature

logger = logging.getLogger(__name__)

TRACE_KEPT = timedelta(days=30)
REQUEST_KEPT = timedelta(days=6)
BATCH = 500


def forget(*, at: datetime | None = None) -> int:
    """Erase what was not confirmed in time, and old requests for links. Returns how many were erased.

    Id, nonce and moments of an attempt stay for 30 days, so that its link can say what happened.
    """
    at = at or timezone.now()
    erased = _erase_expired(at)
    LinkRequest.objects.filter(created_at__lte=at - REQUEST_KEPT).delete()
    traces = Signature.objects.filter(confirmed_at=None, created_at__lte=at - TRACE_KEPT)
    traces.exclude(erased_at=None, deleted_at=None).delete()
    if erased:
        logger.info("%s attempts erased that nobody confirmed", erased)
    return erased


def _erase_expired(at: datetime) -> int:
    erased, last = 0, 0
    while True:
        with transaction.atomic():
            rows = Signature.objects.attempts().filter(pk__gt=last).select_for_update(of=("self",))
            batch = list(rows.select_related("letter").order_by("pk")[:BATCH])
            if not batch:
                return erased
            last = batch[-1].pk
            for row in batch:
                if row.has_expired(at):
                    signing.forget(row, at=at)
                    erased += 1
