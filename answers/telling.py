"""Telling signers who asked for news that an office has answered: one message each, behind all other mail."""

import logging

from django.db.models import Q

from answers.models import Answer, News
from signatories.emails import ANSWERED
from updates import mailing, spreading

logger = logging.getLogger(__name__)

UNQUEUED = Q(news=None) | Q(news__queued_at=None)


def spread() -> int:
    """Queue the mails about answers that were published; returns how many."""
    standing = Answer.objects.published().filter(delivery__dossier__version__letter__taken_down_at=None)
    rows = standing.filter(UNQUEUED).select_related("delivery__dossier__version").order_by("pk")
    return sum(_tell(answer) for answer in rows.light())


def _tell(answer: Answer) -> int:
    letter = answer.delivery.dossier.version.letter_id
    news, _is_new = News.objects.get_or_create(answer=answer)
    queued = spreading.queue(
        news,
        mailing.asked_for_news(letter),
        kind=ANSWERED,
        key=lambda signature: f"{ANSWERED}:{answer.pk}:{signature}",
    )
    logger.info("answer %s: %s mails queued", answer.pk, queued)
    return queued
