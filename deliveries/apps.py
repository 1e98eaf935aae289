from django.apps import AppConfig
from django.conf import settings

from deliveries.returns import mailbox, providers


class DeliveriesConfig(AppConfig):
    name = "deliveries"

    def ready(self) -> None:
        # what is malformed stops the start with a sentence
        if settings.IMAP_URL:
            mailbox.place(settings.IMAP_URL)
        if settings.PROVIDER_WEBHOOK:
            providers.provider(settings.PROVIDER_WEBHOOK)
