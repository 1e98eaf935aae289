"""Entering an answer that an office gave by e-mail or on paper: it is read and published like any other."""

import logging
from datetime import UTC, date, datetime, time

from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.models import User
from answers import receiving
from answers.models import Answer
from deliveries.models import Delivery
from letters.models import Letter
from outbox.models import State

logger = logging.getLogger(__name__)


class NotAnswered(Exception):
    """Nothing has reached the office, or not by that day, or the letter was taken down."""


def answerable(letter: Letter) -> list[Delivery]:
    """The deliveries that an office can have answered, in the order in which they are told."""
    if letter.taken_down_at:
        return []
    return list(Delivery.objects.of(letter).sent().light())


@transaction.atomic
def enter(
    delivery: Delivery, *, way: str, day: date, text: str, name: str, role: str, language: str, by: User,
    scan: str = "",
) -> Answer:  # fmt: skip
    """Write down what an office answered by another way than its page; the same words twice are one.

    `day` (UTC) is when it came, `scan` a picture of it, in base64. It proves nothing about the delivery: it
    is one person's word until it is published. Raises NotAnswered.
    """
    rows = Delivery.objects.select_for_update(of=("self",)).light()
    sent = rows.select_related("recipient", "dossier__version__letter").get(pk=delivery.pk)
    letter, now = sent.dossier.version.letter, timezone.now()
    at = came_at(sent, day)
    if at is None or at > now or letter.taken_down_at:
        raise NotAnswered(delivery)
    digest = receiving.digest_of(text=text, name=name, role=role)
    if known := Answer.objects.filter(delivery=sent, digest=digest).first():
        return known
    answer = receiving.note(
        sent, received_at=at, text=text, name=name, role=role, language=language, digest=digest,
        way=way, entered_by=by, entered_at=now, scan=scan or None,
    )  # fmt: skip
    trail.record("answer entered", about=answer, by=by, letter=letter.pk, delivery=sent.pk, way=way)
    return answer


def came_at(delivery: Delivery, day: date) -> datetime | None:
    """The moment from which an answer of that day stands; None where the letter had not left by its end."""
    if (
        delivery.state != State.SENT
        or delivery.sent_at is None
        or day < delivery.sent_at.astimezone(UTC).date()
    ):
        return None
    return max(datetime.combine(day, time(), tzinfo=UTC), delivery.sent_at)
