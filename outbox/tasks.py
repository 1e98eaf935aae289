"""What the clock and every nudge ask for."""

from celery import shared_task

from outbox import alerting, clock, draining, forecasting, forgetting

SECONDS = 10.0


@shared_task(name="outbox.drain")
def drain() -> int:
    """Send what is due, for some seconds; the clock's next tick goes on where this one ends."""
    return draining.drain(seconds=SECONDS)


@shared_task(name="outbox.forget")
def forget() -> int:
    """Erase mail that could not leave and whose time is over."""
    return forgetting.forget(clock.now())


@shared_task(name="outbox.forecast")
def forecast() -> None:
    """Work out how long mail may take, for the page that says so."""
    forecasting.forecast(clock.now())


@shared_task(name="outbox.end_alerts")
def end_alerts() -> int:
    """End what was alerted of and has not come again."""
    return alerting.end_old(clock.now())
