"""Deleting lines of the trail when their two years are over, and sessions that are."""

import logging
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Session, Trail

KEPT = timedelta(days=2 * 366)  # the database refuses before two calendar years are over

logger = logging.getLogger(__name__)


def forget(*, at: datetime | None = None) -> int:
    """Delete what was written more than two years before `at` (default: now); returns how many lines.

    Sessions that have run out go, too.
    """
    Session.objects.filter(expire_date__lt=at or timezone.now()).delete()
    deleted, _ = Trail.objects.filter(at__lte=(at or timezone.now()) - KEPT).delete()
    if deleted:
        logger.info("%s lines of the trail deleted", deleted)
    return deleted
