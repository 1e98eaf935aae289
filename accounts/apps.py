from django.apps import AppConfig

from accounts import checks  # noqa: F401 - they register themselves


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import second_factors  # noqa: F401 - what it seals is sealed anew with the rest
