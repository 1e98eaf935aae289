"""A real SMTP server on this machine that takes mail, or answers as a test tells it to."""

import asyncio
import contextlib
import email
import email.policy
import logging
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers import PATIENCE, free_port

logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd's own: whom it talks to


class Postbox:
    """What arrived, and what to answer next: `postbox.answers["RCPT"] = ["451 4.3.0 later"]`.

    The answers to one command (AUTH, MAIL, RCPT, DATA) are used up one by one; then all is well
    again. "DATA" is the answer to the final dot.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: dict[str, list[str]] = defaultdict(list)
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.senders: list[str] = []  # of the envelopes
        self.greetings: list[str] = []
        self.connections = 0
        self.asked: dict[str, list[float]] = defaultdict(list)
        self.slow = 0.0
        self.gate: threading.Event | None = None  # the next mail waits before it until somebody opens
        self.before_rcpt: Callable[[], object] | None = None  # what happens, once, before a RCPT is answered
        self.arrived = threading.Condition()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?timeout=5&data_timeout=5"

    @property
    def message_ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]

    def wait_for(self, count: int, *, seconds: float = PATIENCE) -> bool:
        """Has that many mail arrived within so many seconds?"""
        with self.arrived:
            return self.arrived.wait_for(lambda: len(self.mails) >= count, timeout=seconds)

    def _answer(self, command: str) -> str | None:
        self.asked[command].append(time.monotonic())
        return self.answers[command].pop(0) if self.answers[command] else None

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        self.greetings.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer("MAIL")
        if answer and not answer.startswith("250"):
            return answer
        envelope.mail_from = address
        return "250 2.1.0 fine"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        happens, self.before_rcpt = self.before_rcpt, None
        if happens:
            await asyncio.to_thread(happens)
        answer = self._answer("RCPT")
        if answer and not answer.startswith("250"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        gate, self.gate = self.gate, None
        while gate and not gate.is_set():
            await asyncio.sleep(0.02)
        if self.slow:
            await asyncio.sleep(self.slow)
        answer = self._answer("DATA")
        if answer and not answer.startswith(("250", "421")):
            return answer
        with self.arrived:
            content = envelope.original_content or b""
            self.mails.append(email.message_from_bytes(content, policy=email.policy.default))
            self.recipients += envelope.rcpt_tos
            self.senders.append(str(envelope.mail_from))
            self.arrived.notify_all()
        return answer or f"250 2.0.0 queued as {len(self.mails)}"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        if answer := self._answer("AUTH"):
            return AuthResult(success=False, handled=False, message=answer)
        return AuthResult(success=isinstance(data, LoginPassword))


@contextlib.contextmanager
def open_postbox(
    *, port: int | None = None, postbox: Postbox | None = None, certificate: Path | None = None
) -> Iterator[Postbox]:
    """Run a postbox for the length of a `with`; `postbox` reopens one that was closed, on its port.

    With a `certificate` (a PEM file holding key and certificate) it offers STARTTLS.
    """
    postbox = postbox or Postbox(port or free_port())
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    controller = Controller(
        postbox, hostname="127.0.0.1", port=postbox.port, tls_context=context, auth_require_tls=False,
        authenticator=postbox.authenticate, enable_SMTPUTF8=True, data_size_limit=None,
    )  # fmt: skip
    controller.start()
    try:
        yield postbox
    finally:
        controller.stop()
