from django.apps import AppConfig
from django.conf import settings

from config import reporting


class House(AppConfig):
    """Puts the apps together; has no models, only the command that runs everything."""

    name = "config"

    def ready(self) -> None:
        reporting.start(settings.SENTRY_DSN)
