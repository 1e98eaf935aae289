from django.apps import AppConfig
from django.conf import settings

from config import checks, reporting


class House(AppConfig):
    """Puts the apps together; has no models, only the command that runs everything."""

    name = "config"
    checks = checks  # loading them registers them

    def ready(self) -> None:
        reporting.start(settings.SENTRY_DSN)
