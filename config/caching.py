"""What the cache may hold: JSON and nothing that runs code when it is read."""

import json
from typing import Any


class JSONSerializer:
    """Django's Redis cache pickles by default; whoever can write there would own the web process."""

    def dumps(self, value: Any) -> bytes | int:
        # Redis increments plain integers only
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)
