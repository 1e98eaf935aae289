from django.apps import AppConfig

from outbox import checks, routing

__all__ = ["OutboxConfig", "checks"]  # the checks register themselves


class OutboxConfig(AppConfig):
    name = "outbox"

    def ready(self) -> None:
        routing.route()  # a malformed EMAIL_URL stops the start with a sentence
