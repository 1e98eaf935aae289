"""How long a mail may take: looked at once a minute and kept, the same answer for everybody."""

import math
from datetime import datetime, timedelta

from outbox import claiming, routing
from outbox.models import Channel, Lane, Message

USUAL = timedelta(minutes=10)


def forecast(at: datetime) -> timedelta:
    """Work out and keep how long mail that is posted now may take at most, in whichever lane it waits.

    News is behind all of it and keeps nobody waiting.
    """
    spent = claiming.spending(at)
    waiting = Message.objects.due(at).by_lane()
    longest = max(_of_lane(lane, at, waiting=waiting, spent=spent) for lane in Lane if lane != Lane.NEWS)
    Channel.objects.update_or_create(
        name=routing.route().channel, defaults={"wait": math.ceil(longest.total_seconds() / 60)}
    )
    return longest


def hours() -> int:
    """How many hours mail may take as was last worked out; 0 while it takes no more than minutes."""
    minutes = Channel.objects.filter(name=routing.route().channel).values_list("wait", flat=True).first()
    return math.ceil((minutes or 0) / 60) if (minutes or 0) > USUAL.total_seconds() / 60 else 0


def _of_lane(lane: int, at: datetime, *, waiting: dict[int, int], spent: dict[int, int]) -> timedelta:
    """How long the last in a lane waits: by its share of the pace, and no less than the first has waited."""
    if not waiting.get(lane):
        return timedelta(0)
    share = claiming.share(lane)
    beyond = waiting[lane] - max(share - spent.get(lane, 0), 0)
    by_pace = timedelta(hours=beyond / share) if beyond > 0 else timedelta(0)
    return max(by_pace, Message.objects.in_lane(lane).queue_age(at))
