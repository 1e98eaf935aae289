"""How long each office has had the letter without a word, as everybody is told."""

from datetime import UTC, datetime
from typing import NamedTuple

from answers.models import Answer
from deliveries.models import Delivery, Report
from letters.models import Letter, Recipient

SERVED_BY = (Recipient.Channel.EMAIL, Recipient.Channel.POST, Recipient.Channel.HAND)
NOT_SERVED = (Report.Kind.BOUNCED, Report.Kind.WRONG)


class Reply(NamedTuple):
    """Where one office stands: its answers, or for how many days (UTC) it has given none."""

    office: str
    answered: list[Answer]
    withheld: list[Answer]
    is_read: bool
    days: int


def replies(letter: Letter, *, at: datetime) -> list[Reply]:
    """A line for each office that was served or has answered, in the order in which they were served.

    An answer that waits to be read stops the days; one that is not this office's does not. A copy of the
    demo, what came back, and what another office should have got serve nobody. Three queries, or one.
    """
    hidden = ("mail", "dossier__public_edition", "dossier__names", "dossier__key")
    deliveries = list(Delivery.objects.of(letter).sent().defer(*hidden))
    if not deliveries:
        return []
    answers = Answer.objects.of(letter).exclude(ground=Answer.Ground.STRANGE).defer("delivery__mail")
    given: dict[str, list[Answer]] = {}
    for answer in answers.order_by("received_at", "pk"):
        given.setdefault(answer.delivery.recipient.office, []).append(answer)
    since = _since(deliveries)
    return [
        Reply(
            office,
            [one for one in given.get(office, []) if one.is_published],
            [one for one in given.get(office, []) if one.is_withheld],
            any(one.reviewed_by_id is None for one in given.get(office, [])),
            (at.astimezone(UTC).date() - since[office].astimezone(UTC).date()).days if office in since else 0,
        )
        for office in dict.fromkeys([*since, *given])
    ]


def _since(deliveries: list[Delivery]) -> dict[str, datetime]:
    """When each office was first served."""
    known = [one.pk for one in deliveries]
    refused = set(
        Report.objects.filter(delivery__in=known, kind__in=NOT_SERVED).values_list("delivery", flat=True)
    )
    since: dict[str, datetime] = {}
    for one in deliveries:
        if one.channel in SERVED_BY and one.pk not in refused and not one.is_demonstration() and one.sent_at:
            office = one.recipient.office
            since[office] = min(one.sent_at, since.get(office, one.sent_at))
    return since
