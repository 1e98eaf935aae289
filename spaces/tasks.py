from celery import shared_task

from spaces import opening


@shared_task(name="spaces.confirm_approved")
def confirm_approved() -> None:
    opening.confirm_approved()
