from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from outbox import routing


class OutboxConfig(AppConfig):
    name = "outbox"

    def ready(self) -> None:
        autodiscover_modules("emails", "telling")  # every app's builders register there
        routing.route()  # a malformed EMAIL_URL stops the start with a sentence
