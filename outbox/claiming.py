"""Which messages leave next: as many as the relay, the lanes' shares and other senders leave."""

import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from outbox import clock, composing, pausing, routing
from outbox.models import Channel, Lane, Message

BATCH = 50
SENDERS = 3
HOUR = timedelta(hours=1)
SHARES: dict[int, int] = {Lane.SLOW: 4, Lane.BRAKED: 10, Lane.NEWS: 4}  # parts of MAIL_PER_HOUR
RESERVED = 10  # of so many places in a batch one is kept for each lane that is behind

logger = logging.getLogger(__name__)


def claim() -> list[Message]:
    """Take the next batch of due messages: as many as channel, allowance and other senders leave."""
    # Most looks find nothing, and should keep nobody waiting for a lock.
    return _claim() if Message.objects.has_work(clock.now()) else []


@transaction.atomic
def _claim() -> list[Message]:
    name = routing.route().channel
    Channel.objects.get_or_create(name=name)
    # Claims wait for each other here, so that two of them cannot spend the same allowance.
    channel = Channel.objects.select_for_update().get(name=name)
    at = clock.now()
    if recovered := Message.objects.recover(at):
        logger.warning("%s messages were left behind by a lost sender", recovered)
    spent = spending(at)
    limit = min(BATCH, settings.MAIL_PER_HOUR - sum(spent.values()), 1 if channel.paused_at else BATCH)
    if limit <= 0 or not channel.may_be_tried(at) or Message.objects.senders() >= SENDERS:
        return []
    # A paused channel is tried with one message that was not refused before, if there is any.
    order = [F("tried_at").asc(nulls_first=True)] if channel.paused_at else []
    batch = _claim_by_lane(at, spent=spent, limit=limit, order=order)
    if batch and channel.paused_at:
        Channel.objects.filter(pk=channel.pk).update(probe_at=at + pausing.PROBE_EVERY)
    return batch


def _claim_by_lane(at: datetime, *, spent: dict[int, int], limit: int, order: list[Any]) -> list[Message]:
    """Fill a batch from the first lane, and what is left of it from the others, each within its share.

    So that a crowd in the first cannot keep the others for ever, one place in ten is for what was braked
    and one for what has waited in the slow lane for an hour. News can wait.
    """
    lease, host = secrets.token_hex(16), composing.site_host()
    batch: list[Message] = []
    for lane, since, places in (
        (Lane.BRAKED, at, limit // RESERVED),
        (Lane.SLOW, at - HOUR, limit // RESERVED),
        (Lane.FAST, at, limit),
        (Lane.SLOW, at, limit),
        (Lane.BRAKED, at, limit),
        (Lane.NEWS, at, limit),
    ):
        taken = sum(message.lane == lane for message in batch)
        room = min(places, limit - len(batch), share(lane) - spent.get(lane, 0) - taken)
        if room > 0:
            waiting = Message.objects.in_lane(lane).filter(next_at__lte=since)
            batch += waiting.claim(
                at=at, lease_for=settings.OUTBOX_LEASE, limit=room, host=host, order=order, lease=lease
            )
    return sorted(batch, key=lambda message: message.lane)


def spending(at: datetime) -> dict[int, int]:
    """How many mails of each lane have left in the hour before `at`, or are on their way."""
    gone, going = Message.objects.sent_since(at - HOUR).by_lane(), Message.objects.in_flight().by_lane()
    return {lane: gone.get(lane, 0) + going.get(lane, 0) for lane in Lane}


def share(lane: int) -> int:
    """How many mails of a lane may leave in an hour; all lanes together no more than MAIL_PER_HOUR."""
    return max(settings.MAIL_PER_HOUR // SHARES.get(lane, 1), 1)
