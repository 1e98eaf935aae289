"""Closing a way out when our own relay will have nothing of us, so that no mail is burnt against it."""

import logging
from datetime import timedelta

from django.db.models import Q

from outbox import clock
from outbox.models import Channel

PROBE_EVERY = timedelta(minutes=10)
ALERT_EVERY = timedelta(hours=1)

logger = logging.getLogger(__name__)


def pause(channel: str, *, reason: str, probing: bool = False) -> bool:
    """Let nothing leave by `channel` until somebody resumes it; True if it was open until now.

    Alerts once: a line at ERROR and the row that /readyz looks at. With `probing`, one message
    is tried every ten minutes, and the first that is accepted resumes the channel.
    """
    at = clock.now()
    Channel.objects.get_or_create(name=channel)
    probe_at = at + PROBE_EVERY if probing else None
    was_open = Channel.objects.filter(name=channel, paused_at=None).update(
        paused_at=at, reason=reason, alerted_at=at, probe_at=probe_at
    )
    if was_open:
        logger.error("channel %s is paused: %s", channel, reason)
    elif not probing:  # a person's pause outlasts the channel's own
        Channel.objects.filter(name=channel).update(probe_at=None, reason=reason)
    return bool(was_open)


def alert(channel: str, *, reason: str) -> bool:
    """Say at ERROR that `channel` needs somebody, at most once an hour; True if it was said now."""
    at = clock.now()
    Channel.objects.get_or_create(name=channel)
    silent = Q(alerted_at=None) | Q(alerted_at__lte=at - ALERT_EVERY)
    said = Channel.objects.filter(silent, name=channel).update(alerted_at=at)
    if said:
        logger.error("channel %s needs attention: %s", channel, reason)
    return bool(said)


def prove(channel: str) -> None:
    """Note that `channel` has just taken a mail of ours, which also ends a pause it made itself."""
    at = clock.now()
    Channel.objects.update_or_create(name=channel, defaults={"accepted_at": at})
    if Channel.objects.filter(name=channel, probe_at__isnull=False).exists():
        resume(channel)
    Channel.objects.filter(name=channel, paused_at=None, alerted_at__isnull=False).update(alerted_at=None)


def resume(channel: str) -> bool:
    """Open `channel` again; True if it was paused."""
    was_paused = Channel.objects.filter(name=channel, paused_at__isnull=False).update(
        paused_at=None, reason="", alerted_at=None, probe_at=None
    )
    if was_paused:
        logger.warning("channel %s is open again", channel)
    return bool(was_paused)
