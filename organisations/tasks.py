"""What the clock asks for."""

from celery import shared_task

from organisations import checking


@shared_task(name="organisations.check")
def check() -> None:
    """Look for records in the DNS that somebody waits for, or that were not looked for since yesterday."""
    checking.check_due()
