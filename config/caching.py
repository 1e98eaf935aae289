"""What the cache may hold: JSON and nothing that runs code when it is read."""

import json
import logging
from typing import Any
from urllib.parse import urlsplit, urlunsplit

logger = logging.getLogger(__name__)


class JSONSerializer:
    """Django's Redis cache pickles by default; whoever can write there would own the web process."""

    def dumps(self, value: Any) -> bytes | int:
        # Redis increments plain integers only
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        """The value; None, which is as if nothing was kept, for what cannot be of ours."""
        try:
            return json.loads(data)
        except ValueError:
            logger.error("the cache holds something that is no JSON: it is not read")
            return None


def location(redis_url: str) -> str:
    """Where the cache is when nothing else is said: database 1 of the broker's Redis."""
    parts = urlsplit(redis_url)
    if parts.scheme == "unix":
        return f"{redis_url}{'&' if parts.query else '?'}db=1"
    return urlunsplit(parts._replace(path="/1"))
