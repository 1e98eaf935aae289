"""What the clock asks for."""

from celery import shared_task

from letters import auditing


@shared_task(name="letters.mail_head")
def mail_head() -> None:
    auditing.mail_head()
