"""The mailbox that our mail comes back to, over IMAP (RFC 3501): IMAP_URL, and what is new there."""

import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from outbox.routing import LOOPBACK

PORTS = {"imap": 143, "imap+ssl": 993}
SECONDS = 20.0
OK = "OK"
NEW = "UNSEEN UNFLAGGED"
SEEN, FLAGGED = r"\Seen", r"\Flagged"
NUMBER = re.compile(rb"[0-9]+")


class MailboxUnreachable(Exception):
    """The server is away, keeps us out, refuses what we ask, or has no such mailbox. Says which fault."""


class MailUnreadable(Exception):
    """The server does not hand over one mail that it says is there."""


@dataclass(frozen=True)
class Place:
    """IMAP_URL, taken apart."""

    scheme: str
    host: str
    port: int
    username: str
    password: str
    folder: str
    ca: str | None
    seconds: float


def place(url: str) -> Place:
    """Read IMAP_URL: `imap+ssl://user:password@host:993/INBOX`, after `?` `ca=FILE`, `timeout=` (seconds).

    `imap://`, in clear, is for this very machine. Raises ImproperlyConfigured.
    """
    try:
        found = _place(urlsplit(url))
    except ValueError:
        raise ImproperlyConfigured("IMAP_URL must read imap+ssl://user:password@host:993/INBOX.") from None
    if found.scheme == "imap" and found.host not in LOOPBACK:
        raise ImproperlyConfigured("IMAP_URL would send a password in clear: use imap+ssl://.")
    return found


def _place(parts: SplitResult) -> Place:
    options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if parts.scheme not in PORTS or not parts.hostname or not parts.username or not folder.isprintable():
        raise ValueError(parts.scheme)
    return Place(
        parts.scheme,
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        username=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=folder,
        ca=options.get("ca"),
        seconds=float(options.get("timeout", SECONDS)),
    )


class Mailbox:
    """An open mailbox. Whatever is said there may raise MailboxUnreachable."""

    def __init__(self, server: imaplib.IMAP4) -> None:
        self.server = server

    def new(self, *, most: int) -> list[bytes]:
        """The numbers (UIDs) of the oldest mails that were neither read nor put aside."""
        with _told():
            answer, found = self.server.uid("SEARCH", NEW)
        _check(answer, "SEARCH refused")  # a refusal is words, and may hold numbers
        return NUMBER.findall(b" ".join(one for one in found if one))[:most]

    def read(self, number: bytes, *, most: int) -> bytes:
        """The first bytes of a mail, which stays unread. Raises MailUnreadable."""
        with _told():
            answer, found = self.server.uid("FETCH", number.decode(), f"(BODY.PEEK[]<0.{most}>)")
        parts = [one[1] for one in found if isinstance(one, tuple)]
        if answer != OK or not parts:  # of this mail alone: those behind it may be whole
            raise MailUnreadable
        return parts[0][:most]

    def mark(self, number: bytes, flag: str) -> None:
        """Put a flag on a mail: without it the mail is read again at every turn."""
        with _told():
            answer, _found = self.server.uid("STORE", number.decode(), "+FLAGS.SILENT", f"({flag})")
        _check(answer, "STORE refused")


@contextlib.contextmanager
def opened(url: str | None = None) -> Iterator[Mailbox]:
    """The mailbox that IMAP_URL names. Raises MailboxUnreachable, ImproperlyConfigured."""
    there = place(url or settings.IMAP_URL)
    with _told():
        server = _dial(there)
    try:
        with _told():
            _enter(server, there)
        yield Mailbox(server)
    finally:
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            server.logout()


def _dial(there: Place) -> imaplib.IMAP4:
    if there.scheme == "imap":
        return imaplib.IMAP4(there.host, there.port, timeout=there.seconds)
    context = ssl.create_default_context(cafile=there.ca)
    return imaplib.IMAP4_SSL(there.host, there.port, ssl_context=context, timeout=there.seconds)


def _enter(server: imaplib.IMAP4, there: Place) -> None:
    if "AUTH=PLAIN" in server.capabilities:  # takes any letter, which LOGIN does not
        server.authenticate("PLAIN", lambda _more: f"\0{there.username}\0{there.password}".encode())
    else:
        server.login(there.username, there.password)
    folder = there.folder.replace("\\", "\\\\").replace('"', '\\"')
    answer, _count = server.select(f'"{folder}"')
    _check(answer, "no such mailbox")


def _check(answer: str, fault: str) -> None:
    """imaplib returns a refusal like any other answer. Raises MailboxUnreachable."""
    if answer != OK:
        raise MailboxUnreachable(fault)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """What goes wrong on the line, as one exception that quotes nobody."""
    try:
        yield
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxUnreachable(type(error).__name__) from error
