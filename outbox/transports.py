"""SMTP as we need it, and the box that shows mail to a developer instead of sending it.

with transports.connect() as connection:
    reply = connection.send(sender, to, mime, before_data=note_that_it_may_leave)
"""

import contextlib
import os
import re
import secrets
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from outbox.composing import envelope_address, site_host
from outbox.routing import Route, route

ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
ADDRESS = re.compile(r"[^\s<>\"(),;:]+@[^\s<>\"(),;:]+")
LONGEST_REPLY = 2000  # characters of it that are kept


@dataclass(frozen=True)
class Reply:
    """What the server said, who it was, and how the line to it was encrypted ("" if it was not)."""

    code: int
    text: str
    server: str = ""
    tls: str = ""

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()

    def without_addresses(self) -> str:
        """The reply as it may be stored and logged: servers like to quote whom it was for."""
        return ADDRESS.sub("<address>", str(self))

    def is_about_us(self) -> bool:
        """Does the relay refuse us, rather than this mail: sign-in (530, 535) or policy (5.7.x)?"""
        enhanced = ENHANCED.search(self.text)
        return self.code in {530, 535} or (self.code >= 500 and bool(enhanced and enhanced[0][:4] == "5.7."))


class Refused(Exception):
    """The server does not take this mail: never (`permanent`), or not now. It surely has not left."""

    def __init__(self, reply: Reply, *, permanent: bool) -> None:
        super().__init__(reply.without_addresses())
        self.reply, self.permanent = reply, permanent


class ChannelRefused(Exception):
    """Our own relay takes no mail from us: wrong password, not allowed, against its policy.

    `to_recipient` is true if it said so of one recipient, which may after all be that address's fault.
    """

    def __init__(self, reply: Reply, *, to_recipient: bool = False) -> None:
        super().__init__(reply.without_addresses())
        self.reply, self.to_recipient = reply, to_recipient


class Unreachable(Exception):
    """No connection, or it broke before the mail's bytes went out. The mail surely has not left."""


class Insecure(Unreachable):
    """The line cannot be encrypted as EMAIL_URL demands, or the certificate is not good."""


class Ambiguous(Exception):
    """The connection broke after the mail's bytes went out: it may have left."""


class Connection(Protocol):
    def send(
        self, sender: str, to: str, mime: bytes, *, before_data: Callable[[], object], envelope_id: str = ""
    ) -> Reply:
        """Hand over one mail; `before_data` runs when the recipient is accepted and no byte has left.

        With an `envelope_id` (ASCII without "+", "=" or spaces) a server that can is asked to report on its
        delivery, and quotes it (RFC 3461).

        Returns the server's last line. Raises Refused, ChannelRefused, Unreachable, Ambiguous.
        """
        ...


@contextlib.contextmanager
def connect(url: str | None = None) -> Iterator[Connection]:
    """Open the way out that EMAIL_URL names, for as many mails as one likes.

    Raises Unreachable and ChannelRefused.
    """
    way = route(url)
    if way.channel == "box":
        yield Box(way.directory)
        return
    smtp = _dial(way)
    try:
        yield Smtp(smtp, way)
    finally:
        _hang_up(smtp)


def _dial(way: Route) -> smtplib.SMTP:
    """A greeted, encrypted (if the route says so) and signed-in connection."""
    smtp = None
    try:
        smtp = _greeted(way)
        if way.username:
            smtp.login(way.username, way.password)
        return smtp
    except smtplib.SMTPNotSupportedError as error:
        # No STARTTLS on offer may be somebody on the line: never go on in clear, try again later.
        failure: Exception = Insecure(str(error))
    except ssl.SSLError as error:
        failure = Insecure(_describe(error))
    except smtplib.SMTPResponseException as error:
        reply = _reply(error.smtp_code, error.smtp_error)
        failure = ChannelRefused(reply) if reply.code >= 500 else Unreachable(reply.without_addresses())
    except (smtplib.SMTPException, OSError) as error:
        failure = Unreachable(_describe(error))
    if smtp is not None:
        smtp.close()
    raise failure


def _greeted(way: Route) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=way.ca)
    name = site_host()
    if way.scheme == "smtp+ssl":
        return smtplib.SMTP_SSL(way.host, way.port, name, timeout=way.connect_seconds, context=context)
    smtp = smtplib.SMTP(way.host, way.port, name, timeout=way.connect_seconds)
    try:
        smtp.ehlo_or_helo_if_needed()
        if way.scheme == "smtp+tls":
            smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
    except Exception:
        smtp.close()
        raise
    return smtp


def _hang_up(smtp: smtplib.SMTP) -> None:
    with contextlib.suppress(smtplib.SMTPException, OSError):
        if smtp.sock:
            smtp.sock.settimeout(5)
        smtp.quit()
    smtp.close()


def _reply(code: int, text: bytes | str) -> Reply:
    return Reply(code, _plain(text.decode(errors="replace") if isinstance(text, bytes) else text))


def _describe(error: Exception) -> str:
    return ADDRESS.sub("<address>", _plain(f"{type(error).__name__}: {error}"))


def _plain(text: str) -> str:
    """What a server said, in one line, and as every database can hold it: PostgreSQL refuses U+0000."""
    seen = "".join(letter if letter.isprintable() else " " for letter in text[:LONGEST_REPLY])
    return " ".join(seen.split())


class Smtp:
    """An open SMTP connection."""

    def __init__(self, smtp: smtplib.SMTP, way: Route) -> None:
        self.smtp, self.way = smtp, way
        self.server = f"{way.host}:{way.port}"
        self.tls = ""
        if isinstance(smtp.sock, ssl.SSLSocket):
            cipher = smtp.sock.cipher()
            self.tls = f"{smtp.sock.version()} {cipher[0] if cipher else ''}".strip()

    def send(
        self, sender: str, to: str, mime: bytes, *, before_data: Callable[[], object], envelope_id: str = ""
    ) -> Reply:
        """See Connection."""
        address = envelope_address(to)
        self._offer(sender, address, envelope_id=envelope_id)
        try:
            before_data()
        except BaseException:
            self._reset()
            raise
        go_ahead = self._ask("DATA")
        if go_ahead.code != 354:
            raise self._refusal(go_ahead)
        return self._hand_over(mime)

    def _offer(self, sender: str, address: str, *, envelope_id: str) -> None:
        asked = bool(envelope_id) and self.smtp.has_extn("dsn")
        options = f" RET=HDRS ENVID={envelope_id}" if asked else ""
        if not address.isascii():
            if not self.smtp.has_extn("smtputf8"):
                raise Refused(Reply(553, "5.6.7 the relay cannot write to such an address"), permanent=True)
            options += " SMTPUTF8 BODY=8BITMIME"
            self.smtp.command_encoding = "utf-8"
        answer = self._ask(f"MAIL FROM:<{sender}>{options}")
        if answer.code != 250:
            # The sender is the same for every mail: what is refused for good here is refused to all.
            raise ChannelRefused(answer) if 500 <= answer.code != 552 else self._refusal(answer)
        notify = " NOTIFY=SUCCESS,FAILURE,DELAY" if asked else ""
        answer = self._ask(f"RCPT TO:<{address}>{notify}")
        if answer.code not in {250, 251}:
            raise self._refusal(answer, to_recipient=True)

    def _hand_over(self, mime: bytes) -> Reply:
        lines = re.sub(rb"\r\n|\r|\n", b"\r\n", mime)
        lines = re.sub(rb"(?m)^\.", b"..", lines)
        end = b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n"
        try:
            if self.smtp.sock:
                self.smtp.sock.settimeout(self.way.data_seconds)
            self.smtp.send(lines + end)
            answer = self._signed(*self.smtp.getreply())
            if self.smtp.sock:
                self.smtp.sock.settimeout(self.way.connect_seconds)
        except (smtplib.SMTPException, OSError) as error:
            raise Ambiguous(_describe(error)) from error
        if answer.code == 421:
            raise Ambiguous(answer.without_addresses())
        if answer.code != 250:
            raise self._refusal(answer)
        return answer

    def _ask(self, command: str) -> Reply:
        try:
            answer = self._signed(*self.smtp.docmd(command))
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(_describe(error)) from error
        if answer.code == 421:
            raise Unreachable(answer.without_addresses())
        return answer

    def _refusal(self, answer: Reply, *, to_recipient: bool = False) -> Exception:
        self._reset()
        if answer.is_about_us():
            return ChannelRefused(answer, to_recipient=to_recipient)
        return Refused(answer, permanent=answer.code >= 500)

    def _reset(self) -> None:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            self.smtp.rset()

    def _signed(self, code: int, text: bytes) -> Reply:
        reply = _reply(code, text)
        return Reply(reply.code, reply.text, self.server, self.tls)


class Box:
    """A directory with one .eml file per mail, whose names sort by time."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def send(
        self, sender: str, to: str, mime: bytes, *, before_data: Callable[[], object], envelope_id: str = ""
    ) -> Reply:
        """See Connection."""
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Unreachable(_describe(error)) from error
        before_data()
        draft = self.directory / f".{name}.part"
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(mime)
            draft.rename(self.directory / f"{name}.eml")
        except OSError as error:
            raise Unreachable(_describe(error)) from error
        return Reply(250, f"in the box as {name}", server="box")
