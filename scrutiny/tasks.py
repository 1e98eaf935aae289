"""What the clock asks for."""

from celery import shared_task
from django.utils import timezone

from scrutiny import challenging, domains, enlisting


@shared_task(name="scrutiny.forget")
def forget() -> None:
    challenging.forget()
    domains.forget(timezone.now())
    enlisting.forget()
