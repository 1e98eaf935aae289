"""What the clock asks for."""

from celery import shared_task

from accounts import forgetting


@shared_task(name="accounts.forget")
def forget() -> None:
    forgetting.forget()
