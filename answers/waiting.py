"""How long each office has had the letter without a word, as everybody is told."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import NamedTuple

from answers.models import Answer
from deliveries.models import Delivery, Report
from deliveries.offices import Name, Offices, Which
from letters.models import Letter

SEEN = (Report.Source.PERSON, Report.Source.PAGE)


class Reply(NamedTuple):
    """Where one office stands: its answers, or for how many days (UTC) it has given none."""

    name: Name
    answered: list[Answer]
    withheld: list[Answer]
    waits_to_be_read: bool
    days: int


def replies(letter: Letter, *, at: datetime) -> list[Reply]:
    """A line for each office that was served or has answered, in the order in which they were served.

    An answer that waits to be read stops the days; one that is not this office's does not. A copy of the
    demo, what came back and never arrived, and what another office should have got serve nobody.
    Four queries, or one.
    """
    deliveries = list(Delivery.objects.of(letter).sent().light())
    if not deliveries:
        return []
    offices = Offices(letter)
    given: dict[Which, list[Answer]] = {}
    answers = Answer.objects.of(letter).exclude(ground=Answer.Ground.STRANGE).light()
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
    rows = Report.objects.believed().filter(delivery__in=[one.pk for one in deliveries]).defer("scan")
    reports: dict[int, list[Report]] = defaultdict(list)
    for row in rows.order_by("at", "pk"):
        reports[row.delivery_id].append(row)
    since: dict[Which, datetime] = {}
    for one in deliveries:
        if not one.is_demonstration():
            office, at = offices.which(one.recipient), _served_at(one, reports[one.pk])
            if at:
                since[office] = min(at, since.get(office, at))
    return since


def _served_at(delivery: Delivery, reports: list[Report]) -> datetime | None:
    """When the office had it: since it left, or, if its mail came back, since it is proven to have arrived.

    What a machine says before the mail comes back proves nothing; what a person saw does. That another
    office is meant holds until the office or the desk says that it has arrived after all.
    """
    wrong = max((one.pk for one in reports if one.kind == Report.Kind.WRONG), default=0)
    seen = max((one.pk for one in reports if _is_seen(one)), default=0)
    if wrong > seen:
        return None
    back = [one.at for one in reports if one.kind == Report.Kind.BOUNCED]
    if not back:
        return delivery.sent_at
    proven = [
        one.at
        for one in reports
        if _is_seen(one) or (one.kind == Report.Kind.DELIVERED and one.at > max(back))
    ]
    return min(proven, default=None)


def _is_seen(report: Report) -> bool:
    """Whether the office or somebody of the letter's says that it arrived."""
    return report.kind == Report.Kind.DELIVERED and report.source in SEEN
