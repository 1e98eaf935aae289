"""Answers that were declined go in time: nobody reads them, and they may name people."""

import logging
from datetime import datetime, timedelta

from django.utils import timezone

from answers.models import Answer

KEPT = timedelta(days=365)  # after they were declined

logger = logging.getLogger(__name__)


def forget(*, at: datetime | None = None) -> int:
    """Delete what was declined a year before `at` (default: now); returns how many answers."""
    at = at or timezone.now()
    deleted, _each = Answer.objects.filter(declined_at__lte=at - KEPT).delete()
    if deleted:
        logger.info("%s declined answers deleted", deleted)
    return deleted
