"""What a message says is decided when it leaves. Builders register by kind; outbox imports none of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:
    from outbox.models import Message

HEADERS_ALLOWED = frozenset(
    {"Content-Language", "In-Reply-To", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "References"}
)
LINE_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class HeaderRefused(ValueError):
    """A header that may not stand in our mail: not on the list, or broken over lines."""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    name: str
    content: bytes
    content_type: str = "application/octet-stream"


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One mail to one person. It leaves from DEFAULT_FROM_EMAIL; only the name beside it may differ.

    Where others may read the mailbox a discreet mail bears no name at all.

    Raises HeaderRefused for a line break in anything that becomes a header, and for headers
    beyond HEADERS_ALLOWED.
    """

    to: str
    subject: str
    text: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    from_name: str = ""
    is_discreet: bool = False
    reply_to: str = ""
    attachments: Sequence[Attachment] = ()

    def __post_init__(self) -> None:
        for name in self.headers:
            if name not in HEADERS_ALLOWED:
                raise HeaderRefused(name)
        lines = {"to": self.to, "subject": self.subject, "from": self.from_name, "reply-to": self.reply_to}
        names = {f"name of attachment {i}": file.name for i, file in enumerate(self.attachments)}
        for name, value in {**lines, **names, **self.headers}.items():
            if LINE_BREAKS.search(value):
                raise HeaderRefused(name)


@dataclass(frozen=True)
class Later:
    """Not yet: the message waits until `at`, and that counts as no attempt."""

    at: datetime


@dataclass(frozen=True)
class Slower:
    """Not by this lane: the message waits in a later one, in its turn, and that counts as no attempt.

    `lane` is one of `outbox.models.Lane`, behind the one the message is in.
    """

    lane: int


@dataclass(frozen=True)
class Nothing:
    """No mail has to leave for this message; `reason` says why (it is stored: no personal data)."""

    reason: str


Outcome = Mail | Later | Slower | Nothing
Build = Callable[["Message"], Outcome]


@dataclass(frozen=True)
class Builder:
    """How one kind of message is built, and who is told how it ended, in the same transaction."""

    build: Build
    prepare: Callable[[Sequence[Message]], Any] | None = None
    left: Callable[[Message, datetime], Any] | None = None
    dead: Callable[[Message], Any] | None = None
    complained: Callable[[Message, datetime], Any] | None = None


class UnknownKind(LookupError):
    """No builder is registered for this kind of message."""


_builders: dict[str, Builder] = {}


@cache
def look_for_builders() -> None:
    """Have every app register its own. With the first mail, since what papers need fills 40 MB."""
    autodiscover_modules("emails", "telling")


def message(
    kind: str,
    *,
    prepare: Callable[[Sequence[Message]], Any] | None = None,
    left: Callable[[Message, datetime], Any] | None = None,
    dead: Callable[[Message], Any] | None = None,
    complained: Callable[[Message, datetime], Any] | None = None,
) -> Callable[[Build], Build]:
    """Register the decorated function as the builder of `kind`, in any app's `emails` or `telling` module.

    `prepare(messages)` runs before any of a batch are built, for what is cheaper done for all of them; where
    it fails they are built all the same. `left(message, at)` runs in the transaction that records the mail
    as sent, `dead(message)` in the one that gives it up or notes that it came back, and
    `complained(message, at)` in the one that notes that its reader complained.
    """

    def register(build: Build) -> Build:
        _builders[kind] = Builder(build, prepare, left, dead, complained)
        return build

    return register


def builder(kind: str) -> Builder:
    """The builder of `kind`. Raises UnknownKind."""
    look_for_builders()
    try:
        return _builders[kind]
    except KeyError:
        raise UnknownKind(kind) from None
