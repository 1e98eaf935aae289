"""Archiving a letter that is over: the names on its list go, its text, count and roll stay.

Until then everything else that is personal has gone by its own periods, so that no name leaves the list which
a delivery still needs, and none comes back to it.
"""

import logging

from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.models import User
from letters import closing
from letters.models import Letter
from signatories.models import Listing, Signature

logger = logging.getLogger(__name__)


class NotOver(Exception):
    """The letter is a draft, open, or closed so shortly that it may be opened again."""


class StillKept(Exception):
    """Addresses and names that are not public are not erased yet."""


class Archived(Exception):
    """It is archived already."""


@transaction.atomic
def archive(letter: Letter, *, by: User) -> int:
    """Archive the letter; returns how many names went. Raises NotOver, StillKept, Archived."""
    row = Letter.objects.select_for_update().get(pk=letter.pk)
    check(row)
    row.archived_at = timezone.now()
    row.save(update_fields=["archived_at"])
    names, _each = Listing.objects.filter(letter=row).delete()
    trail.record("letter archived", about=row, by=by, names=names)
    logger.info("letter %s archived, %s names gone from its list", row.pk, names)
    return names


def check(letter: Letter) -> None:
    """Refuse what cannot be archived now. Raises NotOver, StillKept, Archived."""
    now = timezone.now()
    if letter.archived_at:
        raise Archived(letter)
    if not letter.is_over(now) or (not letter.taken_down_at and closing.can_reopen(letter, at=now)):
        raise NotOver(letter)
    if Signature.objects.filter(letter=letter, erased_at=None, deleted_at=None).exists():
        raise StillKept(letter)
