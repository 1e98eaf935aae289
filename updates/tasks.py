from celery import shared_task

from updates import mailing, notices


@shared_task(name="updates.spread")
def spread() -> None:
    """Queue what was approved, and what signers are told of letters that are gone."""
    mailing.spread()
    notices.spread()
