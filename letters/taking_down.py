"""Taking a published letter from the public: for good, with a reason that its readers and signers get.

Text, roll and trail stay for auditors. Nobody can sign or confirm any more, and nothing is delivered. Who has
signed is told by mail: `updates.notices` looks for letters that were taken down.
"""

import logging

from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.models import User
from letters.models import Letter, TakeDown

logger = logging.getLogger(__name__)


class NotPublic(Exception):
    """The letter is a draft, or was taken down before."""


@transaction.atomic
def take_down(letter: Letter, *, reason: str, by: User) -> TakeDown:
    """Take the letter down. Raises NotPublic."""
    row = Letter.objects.select_for_update().get(pk=letter.pk)
    if not row.is_public():
        raise NotPublic(letter)
    now = timezone.now()
    row.taken_down_at = now
    row.save(update_fields=["taken_down_at"])
    done = TakeDown.objects.create(letter=row, reason=reason, by=by, at=now)
    trail.record("letter taken down", about=row, by=by)
    logger.info("letter %s taken down", row.pk)
    return done
