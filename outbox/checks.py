"""What `check --deploy` says about mail, whose builders are loaded only when some has to leave."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from outbox import building


@register(deploy=True)
def mail_can_be_built(app_configs: Any = None, **more: Any) -> list[CheckMessage]:
    """A module of builders that cannot be loaded would keep all mail waiting, and the site would not tell."""
    try:
        building.look_for_builders()
    except Exception as error:  # whatever a module raises when it is loaded
        return [
            Error(
                f"A builder of mail cannot be loaded: {type(error).__name__}: {error}",
                hint="Every app's modules `emails` and `telling` are loaded before mail leaves.",
                id="outbox.E001",
            )
        ]
    return []
