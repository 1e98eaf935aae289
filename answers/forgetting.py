"""Answers that were declined go in time: nobody reads them, and they may name people."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from answers.models import FORGOTTEN, Answer

KEPT = timedelta(days=365)  # after they were declined

logger = logging.getLogger(__name__)


@transaction.atomic
def forget(*, at: datetime | None = None) -> int:
    """Forget what was declined a year before `at` (default: now); returns how many answers.

    What was no answer of the office goes whole. Of its own answer the words go: that it has answered, and
    why nobody reads it, stays, or it would be told to be silent.
    """
    declined = Answer.objects.filter(declined_at__lte=(at or timezone.now()) - KEPT)
    _all, deleted = declined.filter(ground=Answer.Ground.STRANGE).delete()
    forgotten = declined.filter(ground=Answer.Ground.WITHHELD).exclude(text="").update(scan=None, **FORGOTTEN)
    answers = deleted.get(Answer._meta.label, 0) + forgotten
    if answers:
        logger.info("%s declined answers forgotten", answers)
    return answers
