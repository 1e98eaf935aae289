"""How long each office has had the letter without a word, as everybody is told."""

from datetime import UTC, datetime
from typing import NamedTuple

from answers.models import Answer
from answers.offices import Name, Offices, Which
from deliveries.models import Delivery, Report
from letters.models import Letter, Recipient

SERVED_BY = (Recipient.Channel.EMAIL, Recipient.Channel.POST, Recipient.Channel.HAND)
NOT_SERVED = (Report.Kind.BOUNCED, Report.Kind.WRONG)


class Reply(NamedTuple):
    """Where one office stands: its answers, or for how many days (UTC) it has given none."""

    name: Name
    answered: list[Answer]
    withheld: list[Answer]
    is_read: bool
    days: int


def replies(letter: Letter, *, at: datetime) -> list[Reply]:
    """A line for each office that was served or has answered, in the order in which they were served.

    An answer that waits to be read stops the days; one that is not this office's does not. A copy of the
    demo, what came back, and what another office should have got serve nobody. Four queries, or one.
    """
    hidden = ("mail", "dossier__public_edition", "dossier__names", "dossier__key")
    deliveries = list(Delivery.objects.of(letter).sent().defer(*hidden))
    if not deliveries:
        return []
    offices = Offices(letter)
    given: dict[Which, list[Answer]] = {}
    answers = Answer.objects.of(letter).exclude(ground=Answer.Ground.STRANGE).defer("delivery__mail")
    for answer in answers.order_by("received_at", "pk"):
        given.setdefault(offices.which(answer.delivery.recipient), []).append(answer)
    names = {offices.which(one.recipient): offices.name(one.recipient) for one in deliveries}
    since = _since(deliveries, offices)
    return [
        Reply(
            names[office],
            [one for one in given.get(office, []) if one.is_published],
            [one for one in given.get(office, []) if one.is_withheld],
            any(one.reviewed_by_id is None for one in given.get(office, [])),
            (at.astimezone(UTC).date() - since[office].astimezone(UTC).date()).days if office in since else 0,
        )
        for office in dict.fromkeys([*since, *given])
    ]


def _since(deliveries: list[Delivery], offices: Offices) -> dict[Which, datetime]:
    """When each office was first served."""
    known = [one.pk for one in deliveries]
    refused = set(
        Report.objects.filter(delivery__in=known, kind__in=NOT_SERVED).values_list("delivery", flat=True)
    )
    since: dict[Which, datetime] = {}
    for one in deliveries:
        if one.channel in SERVED_BY and one.pk not in refused and not one.is_demonstration() and one.sent_at:
            office = offices.which(one.recipient)
            since[office] = min(one.sent_at, since.get(office, one.sent_at))
    return since
