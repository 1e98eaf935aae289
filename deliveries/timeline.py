"""What has become of a letter, from its publication to what offices answered."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import strip_tags

from deliveries.models import Delivery, Milestone, Report
from deliveries.offices import Name, Offices
from letters.models import Letter
from signatories.enrolled import enrolling

MILESTONES = tuple(step * 10**power for power in range(2, 8) for step in (1, 5))  # 100, 500, 1000, ...
# What readers are told of a delivery after it left: that it arrived, or that it came back
TOLD = {Report.Kind.DELIVERED: "arrived", Report.Kind.BOUNCED: "returned", Report.Kind.WRONG: "wrong"}


class Event(NamedTuple):
    """One line of the timeline: when, what, and what it is about. `key` names it for ever.

    `office` is what readers call the office of the delivery. `number` is how many signatures were reached, or
    left; `total` how many stand with a supplement's. `answer` is what an office answered, where an app that
    builds on this one tells of it, and `told_at` when readers could first see that.
    """

    at: datetime
    what: str
    key: str
    delivery: Delivery | None = None
    office: Name | None = None
    number: int = 0
    total: int = 0
    words: str = ""
    answer: Any = None
    told_at: datetime | None = None

    def sentence(self) -> str:
        """The event in the active language, as plain text."""
        return " ".join(strip_tags(render_to_string("deliveries/event.html", {"event": self})).split())


Source = Callable[[Letter], Iterable[Event]]
_sources: list[Source] = []


def source(tell: Source) -> Source:
    """Register a function that tells more events of a letter, in an app that builds on this one."""
    _sources.append(tell)
    return tell


def events(letter: Letter, *, at: datetime) -> list[Event]:
    """What has happened to the letter until `at`, oldest first.

    A delivery by mail is *sent* by an SMTP 250, or, where nobody could tell, by the word of a person at the
    desk; what goes another way by the word of who brought it. Only proof makes it *delivered*.
    """
    if letter.published_at is None:
        return []
    found = [*_of_the_letter(letter), *_of_deliveries(letter)]
    for tell in _sources:
        found += tell(letter)
    past = sorted((event for event in found if event.at <= at), key=lambda event: event.at)
    return _named(letter, past)


def _named(letter: Letter, told: list[Event]) -> list[Event]:
    """The same, each delivery's with its office. One query, or none."""
    if not any(event.delivery for event in told):
        return told
    offices = Offices(letter)
    return [
        event._replace(office=offices.name(event.delivery.recipient)) if event.delivery else event
        for event in told
    ]


def _of_the_letter(letter: Letter) -> Iterable[Event]:
    published = letter.published_at
    assert published is not None  # noqa: S101 - for the type checker
    yield Event(published, "published", "published")
    if letter.opens_at and letter.opens_at > published:
        yield Event(letter.opens_at, "opened", "opened")
    if letter.closes_at:
        yield Event(letter.closes_at, "closed", "closed")
    if letter.taken_down_at:
        yield Event(letter.taken_down_at, "withdrawn", "withdrawn")
    for milestone in Milestone.objects.filter(letter=letter):
        key = f"milestone-{milestone.signatures}"
        yield Event(milestone.reached_at, "milestone", key, number=milestone.signatures)


def _of_deliveries(letter: Letter) -> Iterable[Event]:
    sent = Delivery.objects.of(letter).sent().light()
    for delivery in sent:
        if delivery.sent_at:
            yield _sent(letter, delivery, delivery.sent_at)
    told: dict[tuple[int, str], Event] = {}
    reports = Report.objects.believed().filter(delivery__in=sent.order_by().values("pk"), kind__in=TOLD)
    for report in reports.select_related("delivery__recipient").light():
        what = TOLD[Report.Kind(report.kind)]
        event = Event(report.at, what, f"{what}-{report.pk}", report.delivery)
        told.setdefault((report.delivery_id, what), event)  # a second proof of the same is no news
    yield from told.values()


def _sent(letter: Letter, delivery: Delivery, at: datetime) -> Event:
    """That one has left. At risk, two offices a minute apart must not show who withdrew between them."""
    key = f"delivery-{delivery.pk}"
    if letter.is_at_risk():
        return Event(day_of(at), "sent", key, delivery, number=delivery.dossier.signatures)
    number, total = delivery.signatures or 0, delivery.evidence.get("total", 0)
    return Event(at, "sent", key, delivery, number=number, total=total)


def day_of(at: datetime) -> datetime:
    """The beginning of a moment's day (UTC)."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def mark(*, at: datetime | None = None) -> int:
    """Note which numbers of signatures letters have reached; returns how many are new.

    A number that was reached stays so, whoever withdraws afterwards.
    """
    at, new = at or timezone.now(), 0
    for letter in Letter.objects.public().filter(archived_at=None).select_related("current"):
        count = enrolling.tally(letter).signatures
        known = set(Milestone.objects.filter(letter=letter).values_list("signatures", flat=True))
        numbers = {*MILESTONES, *([letter.goal] if letter.goal else [])}
        reached = sorted(number for number in numbers - known if number <= count)
        Milestone.objects.bulk_create(
            [Milestone(letter=letter, signatures=number, reached_at=at) for number in reached],
            ignore_conflicts=True,
        )
        new += len(reached)
    return new
