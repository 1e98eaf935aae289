from celery import shared_task

from answers import forgetting, telling


@shared_task(name="answers.spread")
def spread() -> None:
    telling.spread()


@shared_task(name="answers.forget")
def forget() -> None:
    forgetting.forget()
