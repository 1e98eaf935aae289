from django.apps import AppConfig


class AnswersConfig(AppConfig):
    name = "answers"

    def ready(self) -> None:
        from answers import timeline  # noqa: F401 - what it tells stands among all else of a letter
