from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"

    def ready(self) -> None:
        from outbox import emails, transports  # noqa: F401 - registers its builder

        transports.route()  # a malformed EMAIL_URL stops the start with a sentence
