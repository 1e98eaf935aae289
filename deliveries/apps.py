from django.apps import AppConfig
from django.conf import settings

from deliveries import mailbox


class DeliveriesConfig(AppConfig):
    name = "deliveries"

    def ready(self) -> None:
        if settings.IMAP_URL:
            mailbox.place(settings.IMAP_URL)  # a malformed one stops the start with a sentence
