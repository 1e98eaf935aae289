"""Organisations that lose the badge with others' word: what they signed waits for a moderator again."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from organisations import verifying
from organisations.models import Organisation
from signatories import moderating
from signatories.judging.suspecting import NOTHING_CARRIES
from signatories.models import Decision, Signature

logger = logging.getLogger(__name__)


def recheck(*, at: datetime | None = None) -> int:
    """Hold what was signed by organisations whose badge has fallen. Returns how many organisations.

    A word can end by being taken back, by its age, or with what proves the one that gave it: so it is looked
    for by the clock, whatever the cause. Each fall is followed once; a moderator may approve again at once.
    """
    verifying.remember_carried(at=at)
    fallen = Organisation.objects.fallen(at).order_by("pk").values_list("pk", flat=True)
    return sum(1 for pk in list(fallen) if _follow(pk, at=at))


@transaction.atomic
def _follow(pk: int, *, at: datetime | None) -> bool:
    mine = Signature.objects.standing().filter(organisation=pk, erased_at=None)
    rows = list(mine.select_for_update().order_by("pk"))
    row = Organisation.objects.select_for_update().fallen(at).filter(pk=pk).first()
    if row is None:
        return False  # somebody else was first, or it is verified again
    for signature in rows:
        signature.held_at = timezone.now()
        moderating.settle(signature, {"held_at"})
        Decision.objects.create(signature=signature, verdict=Decision.Verdict.HOLD, reason=NOTHING_CARRIES)
    row.carried_at = None
    row.save(update_fields=["carried_at"])
    logger.info("organisation %s: badge fell, %s signatures held", pk, len(rows))
    return True
