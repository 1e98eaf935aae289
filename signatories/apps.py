from importlib import import_module

from django.apps import AppConfig


class SignatoriesConfig(AppConfig):
    name = "signatories"

    def ready(self) -> None:
        import_module("signatories.emails")  # its builders register as they are read
