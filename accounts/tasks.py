"""What the clock asks for."""

from celery import shared_task

from accounts import chaining, forgetting


@shared_task(name="accounts.forget")
def forget() -> None:
    forgetting.forget()


@shared_task(name="accounts.chain")
def chain() -> None:
    chaining.chain()
