from celery import shared_task

from invitations import announcing, forgetting


@shared_task(name="invitations.forget")
def forget() -> None:
    forgetting.forget()


@shared_task(name="invitations.settle")
def settle() -> None:
    announcing.settle_all()
