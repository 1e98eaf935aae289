from celery import shared_task

from scrutiny import challenging


@shared_task(name="scrutiny.forget")
def forget() -> None:
    challenging.forget()
