"""The mail box of a test: what the outbox lets go lies here, as at /dev/mail/."""

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from outbox import draining


class Box:
    def __init__(self, settings: Any, directory: Path) -> None:
        settings.EMAIL_BACKEND = "outbox.backends.OutboxBackend"
        settings.EMAIL_URL = f"box://{directory}"
        self.directory = directory

    def mails(self) -> list[EmailMessage]:
        """All mail that has left by now, the oldest first."""
        draining.drain()
        files = sorted(self.directory.glob("*.eml"))
        return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]

    def text(self) -> str:
        """The plain text of the newest mail."""
        return self.texts()[-1]

    def texts(self) -> list[str]:
        """The plain texts of all mail that has left by now, the oldest first."""
        bodies = [mail.get_body(("plain",)) for mail in self.mails()]
        return [body.get_content().replace("\r\n", "\n") for body in bodies if body]

    def code(self) -> str:
        """The newest code to sign in with that was mailed."""
        found = re.findall(r"^[A-Z]{4}-[A-Z]{4}$", "\n".join(self.texts()), re.MULTILINE)
        return found[-1]

    def link(self) -> str:
        """The first link of the newest mail, as a path of this site."""
        found = re.search(r"https?://[^/]+(/\S+)", self.text())
        assert found
        return found[1]
