"""A question to a signer: asked by a moderator, ended by an answer, by time, or by what happens meanwhile."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from signatories.models import ANSWER_WITHIN, UNDO_WITHIN, Question, Signature

logger = logging.getLogger(__name__)

Outcome = Question.Outcome


MOST = 3  # mails with a question to one signer within a week: each tells whoever reads the mailbox


class NobodyToAsk(Exception):
    """No mail reaches who signed: not confirmed, no address any more, or its owner wants no mail."""


class AskedEnough(NobodyToAsk):
    """Its signer was asked so often within a week that no mail follows for now."""


def start(row: Signature, topic: str, *, by: User) -> Question:
    """Ask, of a row that the caller has locked and saves; it leaves the queue.

    Raises NobodyToAsk, AskedEnough.
    """
    if row.confirmed_at is None or not row.email:
        raise NobodyToAsk(row)
    asked = row.questions.filter(asked_at__gt=timezone.now() - ANSWER_WITHIN)
    if asked.exclude(outcome=Outcome.TAKEN_BACK, ended_at__lt=F("asked_at") + UNDO_WITHIN).count() >= MOST:
        raise AskedEnough(row)
    question = Question.objects.create(signature=row, topic=topic, asked_by=by)
    row.asked_at = question.asked_at
    return question


def close(row: Signature, outcome: str) -> None:
    """End what is asked about a row that the caller has locked and saves; it is in the queue again."""
    row.asked_at = None
    row.questions.open().update(ended_at=timezone.now(), outcome=outcome)


@transaction.atomic
def end(number: int, outcome: str) -> None:
    """End what is asked about a signature, if anything is."""
    row = Signature.objects.select_for_update().filter(pk=number, asked_at__isnull=False).first()
    if row:
        close(row, outcome)
        row.save(update_fields=["asked_at"])
        logger.info("signature %s: question %s", row.pk, outcome)


def put_to(signature: Signature, *, at: datetime | None = None) -> Question | None:
    """What its signer is asked now; nothing that who asked may still undo."""
    left = (at or timezone.now()) - UNDO_WITHIN
    return signature.questions.open().filter(asked_at__lte=left).first()


def end_overdue(*, at: datetime | None = None) -> int:
    """Put back into the queue whose signers have not answered in time. Returns how many."""
    late = (at or timezone.now()) - UNDO_WITHIN - ANSWER_WITHIN
    numbers = list(Question.objects.open().filter(asked_at__lte=late).values_list("signature", flat=True))
    for number in numbers:
        end(number, Outcome.OVERDUE)
    return len(numbers)
