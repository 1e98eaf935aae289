"""What has become of a letter, for its page: `{% timeline letter %}`."""

from datetime import datetime
from typing import Any, NamedTuple

from django import template
from django.utils import timezone

from deliveries import telling
from deliveries.models import Delivery
from letters.models import Letter

register = template.Library()


class Event(NamedTuple):
    """One line of the timeline: when, what, and the delivery if it is one."""

    at: datetime
    what: str
    delivery: Delivery | None = None


@register.inclusion_tag("deliveries/timeline.html")
def timeline(letter: Letter) -> dict[str, Any]:
    """Publication, opening, closing and each delivery that a mail server has taken, in their order."""
    return {"letter": letter, "events": events(letter, at=timezone.now())}


def events(letter: Letter, *, at: datetime) -> list[Event]:
    """What has happened to the letter until `at`. Only an SMTP 250 makes a delivery *sent*."""
    if letter.published_at is None:
        return []
    found = [Event(letter.published_at, "published")]
    if letter.opens_at and letter.opens_at > letter.published_at:
        found.append(Event(letter.opens_at, "opened"))
    if letter.closes_at:
        found.append(Event(letter.closes_at, "closed"))
    deliveries = Delivery.objects.of(letter).sent().defer("dossier__public_edition", "dossier__names")
    found += [Event(delivery.sent_at, "sent", delivery) for delivery in deliveries if delivery.sent_at]
    return sorted((event for event in found if event.at <= at), key=lambda event: event.at)


@register.inclusion_tag("deliveries/what_we_hold.html")
def what_we_hold(letter: Letter) -> dict[str, Any]:
    """What is still kept about the letter's signers, in sentences; nothing is counted here."""
    return {"sentences": telling.still_held(letter)}
