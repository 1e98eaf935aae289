"""What an office does on its own page: say that it has the letter, answer, or say that another one is meant.

Each of these proves that the letter arrived. Reading the page does none of it.
"""

import json
import logging
from typing import Any

from django.db import transaction

from answers.models import Answer
from deliveries import announcing
from deliveries.dossiers import editions
from deliveries.models import Delivery, Report
from outbox import posting

RECEIVED = "answer_received"  # the mail that tells the office so
MOST_WAITING = 10  # answers of one delivery that nobody has decided about
MOST_WRONG = 5

logger = logging.getLogger(__name__)


class TooMany(Exception):
    """So much of this office's waits to be read that nothing more is taken for now."""


def arrived(delivery: Delivery) -> None:
    """Note, once, that the office itself says it has the letter."""
    _report(delivery, Report.Kind.DELIVERED)


@transaction.atomic
def answer(delivery: Delivery, *, text: str, name: str, role: str, language: str) -> Answer:
    """Take an answer; the same twice is one. Those who deliver the letter are told. Raises TooMany."""
    Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)  # two of an office wait in turn
    digest = digest_of(text=text, name=name, role=role)
    mine = Answer.objects.filter(delivery=delivery)
    if known := mine.filter(digest=digest).first():
        return known
    if mine.waiting().count() >= MOST_WAITING:
        raise TooMany(delivery)
    arrived(delivery)
    return note(delivery, text=text, name=name, role=role, language=language, digest=digest)


def note(delivery: Delivery, **facts: Any) -> Answer:
    """Write an answer down, in the caller's transaction, and tell those who deliver the letter.

    The office is told, too, where it gets mail: nobody answers in its name unseen.
    """
    row = Answer.objects.create(delivery=delivery, **facts)
    announcing.tell_of(delivery, announcing.ANSWERED)
    if delivery.recipient.address:
        posting.post(RECEIVED, subject=row.pk, dedupe_key=f"{RECEIVED}:{row.pk}")
    logger.info("delivery %s: answer %s received", delivery.pk, row.pk)
    return row


@transaction.atomic
def wrong(delivery: Delivery, *, words: str) -> None:
    """Note that another office is meant; the same words twice are one report. Raises TooMany."""
    Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    mine = delivery.reports.filter(kind=Report.Kind.WRONG, source=Report.Source.PAGE)
    if mine.filter(words=words).exists():
        return
    if mine.count() >= MOST_WRONG:
        raise TooMany(delivery)
    arrived(delivery)
    _report(delivery, Report.Kind.WRONG, words=words)
    announcing.tell_of(delivery, announcing.WRONG)


def _report(delivery: Delivery, kind: Report.Kind, *, words: str = "") -> None:
    digest = _digest([delivery.pk, Report.Source.PAGE, kind, words])
    facts = {"delivery": delivery, "kind": kind, "source": Report.Source.PAGE, "words": words}
    _row, is_new = Report.objects.get_or_create(digest=digest, defaults=facts)
    if is_new:
        logger.info("delivery %s: its office reports %s", delivery.pk, kind.value)


def digest_of(*, text: str, name: str, role: str) -> str:
    """By which the same answer is known, however it comes."""
    return _digest([text, name, role])


def _digest(said: list[object]) -> str:
    return editions.sha256(json.dumps(said).encode())
