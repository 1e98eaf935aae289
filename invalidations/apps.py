from django.apps import AppConfig


class InvalidationsConfig(AppConfig):
    name = "invalidations"
