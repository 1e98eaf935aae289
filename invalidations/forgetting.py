"""When the words by which signatures were looked for are gone: once nothing can be reversed any more."""

from datetime import datetime

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from invalidations.models import REVERSE_WITHIN, Invalidation


def forget(*, at: datetime | None = None) -> int:
    """Forget domains and names thirty days after the end, or after proposing what never ran.

    Returns of how many.
    """
    over = (at or timezone.now()) - REVERSE_WITHIN
    rows = Invalidation.objects.alias(since_when=Coalesce("ended_at", "proposed_at"))
    told = Q(domain__isnull=False) | Q(name__isnull=False)
    return rows.filter(told, since_when__lte=over).update(domain=None, name=None)
