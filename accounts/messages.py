"""What a page says after the next one has loaded waits in the session; sealed, since it may name people."""

import base64
from collections.abc import Sequence
from typing import Any

from django.contrib.messages.storage.session import SessionStorage

from vault import sealing

PLACE = "accounts.session.messages"


class SealedStorage(SessionStorage):
    """Messages in the session, unreadable to whoever reads the database alone."""

    def serialize_messages(self, messages: Sequence[Any]) -> str:
        return base64.b64encode(sealing.seal(super().serialize_messages(messages), place=PLACE)).decode()

    def deserialize_messages(self, data: Any) -> Any:
        """The messages; none if their key is gone, or if they are from before they were sealed."""
        if not isinstance(data, str):
            return data
        try:
            return super().deserialize_messages(sealing.unseal(base64.b64decode(data), place=PLACE))
        except (sealing.Unreadable, ValueError):
            return []
