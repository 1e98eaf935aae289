from django.apps import AppConfig


class House(AppConfig):
    """Puts the apps together; has no models, only the command that runs everything."""

    name = "config"
