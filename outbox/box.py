"""Reading the box in which a developer's mail ends (EMAIL_URL=box://DIR)."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from outbox import routing

LIMIT = 200
ID = re.compile(r"[0-9]{20}-[0-9a-f]{8}")
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")


@dataclass(frozen=True)
class BoxedMail:
    id: str
    to: str
    subject: str
    text: str

    @property
    def at(self) -> datetime:
        """When it came into the box (UTC)."""
        return datetime.fromtimestamp(int(self.id.partition("-")[0]) / 1e9, tz=UTC)

    @property
    def links(self) -> list[str]:
        """The addresses that stand in the text, in order."""
        return LINK.findall(self.text)

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The text in pieces, each with whether it is a link."""
        end = 0
        for found in LINK.finditer(self.text):
            yield self.text[end : found.start()], False
            yield found[0], True
            end = found.end()
        yield self.text[end:], False


def newest(limit: int = LIMIT) -> list[BoxedMail]:
    """What came last, newest first."""
    files = sorted(_directory().glob("[0-9]*.eml"), reverse=True)
    return [_read(file) for file in files[:limit]]


def find(mail_id: str) -> BoxedMail | None:
    """The mail with this id, or None."""
    file = _directory() / f"{mail_id}.eml"
    return _read(file) if ID.fullmatch(mail_id) and file.is_file() else None


def _directory() -> Path:
    return routing.route().directory


def _read(file: Path) -> BoxedMail:
    mail: EmailMessage = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)  # type: ignore[assignment]
    body = mail.get_body(("plain",))
    text = body.get_content() if body else ""
    return BoxedMail(id=file.stem, to=str(mail["To"]), subject=str(mail["Subject"]), text=text)
