"""What looks like no person's signature waits for one: held, never refused, never deleted."""

import logging
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from signatories.models import Decision, Signature

BATCH = 1000

logger = logging.getLogger(__name__)


def hold(signatures: Iterable[Signature], *, reason: str) -> int:
    """Put signatures before a moderator, who sees the `reason`; confirmed or not, they count no more.

    `reason` is an English sentence marked for translation; several stand on lines of their own. A signature
    is held for a reason once: what a moderator has let go is not held for the same again. What is
    rejected, withdrawn or erased stays as it is. Returns how many are held now and were not.
    """
    numbers = [signature.pk for signature in signatures]
    held = sum(
        _hold(numbers[start : start + BATCH], reason=reason) for start in range(0, len(numbers), BATCH)
    )
    if held:
        logger.info("%s signatures held", held)
    return held


@transaction.atomic
def _hold(numbers: list[int], *, reason: str) -> int:
    same = Decision.objects.filter(signature=OuterRef("pk"), verdict=Decision.Verdict.HOLD, reason=reason)
    rows = (
        Signature.objects.select_for_update()
        .filter(pk__in=numbers, held_at=None, rejected_at=None, withdrawn_at=None)
        .filter(deleted_at=None, erased_at=None)
        .exclude(Exists(same))
    )
    locked = list(rows.order_by("pk").values_list("pk", flat=True))
    now = timezone.now()
    Signature.objects.filter(pk__in=locked).update(held_at=now, unsettled_at=now)
    Decision.objects.bulk_create(
        Decision(signature_id=number, verdict=Decision.Verdict.HOLD, at=now, reason=reason)
        for number in locked
    )
    return len(locked)
