"""What the clock and every nudge ask for."""

from celery import shared_task

from outbox import draining

SECONDS = 10.0


@shared_task(name="outbox.drain")
def drain() -> int:
    """Send what is due, for some seconds; the clock's next tick goes on where this one ends."""
    return draining.drain(seconds=SECONDS)
