"""When nothing can be undone any more: the entry that went into another is deleted for good."""

import logging
from datetime import datetime

from django.db import transaction

from merges.models import Merge
from organisations.models import Organisation
from signatories import erasing

logger = logging.getLogger(__name__)


def forget(*, at: datetime | None = None) -> int:
    """Forget merges thirty days after them, and what they alone have kept. Returns how many."""
    rows = list(Merge.objects.over(at).order_by("pk"))
    for row in rows:
        _forget(row)
    return len(rows)


@transaction.atomic
def _forget(merge: Merge) -> None:
    merge.delete()
    if not merge.undone_at:
        gone = Organisation.objects.filter(pk=merge.gone_id, merged_into__isnull=False)
        gone.filter(signatures=None).delete()
    erasing.forget_organisations([merge.kept_id, merge.gone_id])
    logger.info("merge into organisation %s forgotten", merge.kept_id)
