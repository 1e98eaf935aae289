from celery import shared_task

from invitations import forgetting


@shared_task(name="invitations.forget")
def forget() -> None:
    forgetting.forget()
