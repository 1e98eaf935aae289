"""What the clock asks for."""

from celery import shared_task

from merges import forgetting


@shared_task(name="merges.forget")
def forget() -> None:
    """Delete what is left of entries that went into others thirty days ago."""
    forgetting.forget()
