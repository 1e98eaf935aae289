"""Reading an answer before everybody does: it is published as it stands, or declined with a reason."""

import logging

from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.models import User
from answers.models import Answer
from letters.permitting import Verb, others_who_may

logger = logging.getLogger(__name__)


class AlreadySo(Exception):
    """The answer is published, or declined, already: somebody else was quicker."""


class Forgotten(Exception):
    """Its words were erased a year after it was declined: there is nothing to show."""


class NeedsAnother(Exception):
    """Who has entered an answer does not publish it: somebody else can, and looks at it first."""


@transaction.atomic
def publish(answer: Answer, *, by: User) -> None:
    """Show the answer on the letter's page; signers who asked for news are told once.

    What somebody entered another one publishes, where the letter has one. Raises AlreadySo, Forgotten,
    NeedsAnother.
    """
    row = _locked(answer)
    if row.is_forgotten:
        raise Forgotten(answer)
    if needs_another(row, by=by):
        raise NeedsAnother(answer)
    if row.is_published:
        raise AlreadySo(answer)
    row.published_at, row.declined_at = row.published_at or timezone.now(), None
    row.ground = row.reason = ""
    _save(row, "answer published", by=by)


def needs_another(answer: Answer, *, by: User) -> bool:
    """Whether somebody else has to publish it."""
    if answer.entered_by_id != by.pk:
        return False
    return others_who_may(Verb.DELIVER, answer.delivery.dossier.letter, but=by).exists()


@transaction.atomic
def decline(answer: Answer, *, ground: str, reason: str, by: User) -> None:
    """Do not show it, or not any more; if it is the office's own, everybody reads why. Raises AlreadySo."""
    row = _locked(answer)
    if row.declined_at:
        raise AlreadySo(answer)
    row.declined_at, row.ground, row.reason = timezone.now(), ground, reason
    _save(row, "answer declined", by=by, ground=ground)


def _save(row: Answer, what: str, *, by: User, **facts: str) -> None:
    row.reviewed_by = by
    row.save(update_fields=["reviewed_by", "published_at", "declined_at", "ground", "reason"])
    letter = row.delivery.dossier.version.letter_id
    trail.record(what, about=row, by=by, letter=letter, delivery=row.delivery_id, **facts)
    logger.info("%s: %s", what, row.pk)


def _locked(answer: Answer) -> Answer:
    rows = Answer.objects.select_for_update(of=("self",)).select_related("delivery__dossier__version")
    return rows.light().get(pk=answer.pk)
