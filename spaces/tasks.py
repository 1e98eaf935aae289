from celery import shared_task

from spaces import forgetting, opening


@shared_task(name="spaces.confirm_approved")
def confirm_approved() -> None:
    opening.confirm_approved()


@shared_task(name="spaces.forget")
def forget() -> None:
    forgetting.forget()
