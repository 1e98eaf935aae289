from django.apps import AppConfig
from django.conf import settings

from config import (
    checks,  # noqa: F401 - they register themselves
    reporting,
)


class House(AppConfig):
    """Puts the apps together; has no models, only the command that runs everything."""

    name = "config"

    def ready(self) -> None:
        reporting.start(settings.SENTRY_DSN)
