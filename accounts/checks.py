"""What would quietly switch off the limits on signing in stops the start instead."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

FORGETFUL = {
    "django.core.cache.backends.dummy.DummyCache",
    "django.core.cache.backends.locmem.LocMemCache",
}


@register(Tags.caches)
def cache_counts_for_all(app_configs: Any = None, **more: Any) -> list[CheckMessage]:
    """A dummy cache counts nothing, a local one counts for each process by itself."""
    backend = settings.CACHES["default"]["BACKEND"]
    if settings.DEBUG or backend not in FORGETFUL:
        return []
    return [
        Error(
            f"The cache {backend.rpartition('.')[2]} does not count failed sign-ins for the whole site.",
            hint="Use Redis: see REDIS_URL.",
            id="accounts.E001",
        )
    ]
