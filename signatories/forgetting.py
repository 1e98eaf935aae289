"""Erase personal data when its time is over."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from signatories import signing
from signatories.models import LinkRequest, Signature

logger = logging.getLogger(__name__)

TRACE_KEPT = timedelta(days=30)
REJECTED_KEPT = timedelta(days=30)
REQUEST_KEPT = timedelta(days=6)
BATCH = 500


def forget(*, at: datetime | None = None) -> int:
    """Erase what was not confirmed in time or was rejected 30 days ago. Returns how many were erased.

    Id, nonce and moments of an attempt stay for 30 days, so that its link can say what happened.
    """
    at = at or timezone.now()
    erased = _erase_expired(at) + _erase_rejected(at)
    LinkRequest.objects.filter(created_at__lte=at - REQUEST_KEPT).delete()
    traces = Signature.objects.filter(confirmed_at=None, created_at__lte=at - TRACE_KEPT)
    traces.exclude(erased_at=None, deleted_at=None).delete()
    if erased:
        logger.info("%s signatures erased whose time was over", erased)
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


@transaction.atomic
def _erase_rejected(at: datetime) -> int:
    old = Signature.objects.filter(rejected_at__lte=at - REJECTED_KEPT, erased_at=None)
    rows = list(old.select_for_update().order_by("pk")[:BATCH])
    for row in rows:
        signing.forget(row, at=at)
    return len(rows)
