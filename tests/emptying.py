"""The cache of one test, emptied: `cache.clear()` would empty the server that all workers share."""

from django.core.cache import cache


def empty_cache() -> None:
    """Forget what this test has kept, and nobody else's."""
    server = cache._cache.get_client()
    for key in server.scan_iter(cache.make_key("*")):
        server.delete(key)
