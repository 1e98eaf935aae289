from django.apps import AppConfig


class LogosConfig(AppConfig):
    name = "logos"
