"""Mail that must leave: recorded before it is sent, with evidence after."""

from outbox.building import message

__all__ = ["message"]
