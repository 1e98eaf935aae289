from celery import shared_task

from updates import mailing


@shared_task(name="updates.spread")
def spread() -> None:
    """Queue what was approved."""
    mailing.spread()
