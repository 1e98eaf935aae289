"""What a signer says who was asked: that all is right, or what it should say instead."""

import logging

from django.db import transaction

from signatories import asking, signing
from signatories.models import Question, Signature

logger = logging.getLogger(__name__)

ANSWERED = (Question.Outcome.AS_IS, Question.Outcome.CORRECTED)


@transaction.atomic
def confirm(signature: Signature) -> bool:
    """Say that all is right. Returns whether that is an answer; twice is as good as once."""
    row = signing.locked(signature)
    if asking.put_to(row) is None:
        return _was_answered(row)
    _end(row, Question.Outcome.AS_IS)
    return True


@transaction.atomic
def correct(signature: Signature, *, name: str = "", role: str = "", affiliation: str = "") -> bool:
    """Say what it should say instead, of those that are given. Returns whether that is an answer.

    The name takes its usual way. Role and affiliation change only where nobody but a moderator sees them
    before the decision: of what is held.
    """
    row = signing.locked(signature)
    if asking.put_to(row) is None:
        return _was_answered(row)
    if name and name != row.shown_name():
        signing.correct(row, name=name)
        row = signing.locked(signature)
    if row.held_at:
        row.role, row.affiliation = role or row.role, affiliation or row.affiliation
        row.save(update_fields=["role", "affiliation"])
    _end(row, Question.Outcome.CORRECTED)
    return True


def _end(row: Signature, outcome: str) -> None:
    asking.close(row, outcome)
    row.save(update_fields=["asked_at"])
    logger.info("signature %s: question %s", row.pk, outcome)


def _was_answered(row: Signature) -> bool:
    last = row.questions.last()
    return last is not None and last.outcome in ANSWERED
