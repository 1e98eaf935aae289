from django.apps import AppConfig

from accounts import checks  # noqa: F401 - they register themselves


class AccountsConfig(AppConfig):
    name = "accounts"
