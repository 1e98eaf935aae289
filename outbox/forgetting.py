"""Erasing what mail left behind when its time is over."""

import logging
from datetime import datetime, timedelta

from outbox.models import Rendered

KEPT = timedelta(days=30)

logger = logging.getLogger(__name__)


def forget(at: datetime) -> int:
    """Erase ready-made mail that could not leave within 30 days before `at`; returns how many.

    What has left is erased at once; this is for what was given up and not tried again.
    """
    erased, _ = Rendered.objects.filter(created_at__lte=at - KEPT).delete()
    if erased:
        logger.info("%s ready-made mails were erased unsent", erased)
    return erased
