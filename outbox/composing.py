"""A mail as the bytes that travel: only headers we chose, and no name of this machine."""

from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from outbox.building import Mail

LINE = 75  # characters, less the space it begins with (RFC 2047, section 2)


class _Folding(EmailPolicy):
    """Long subjects and names that are not in ASCII, folded with their spaces.

    Python's own folding puts a space between two encoded words, where readers drop it (RFC 2047, section
    6.2): words in Urdu ran into each other. The older `Header` keeps it inside of one.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        if not self.utf8 and name == "Subject" and not value.isascii():
            return f"{name}: {_encoded(name, value)}\r\n".encode()
        if not self.utf8 and name == "From" and not value.isascii():
            [one] = value.addresses
            return f"{name}: {_encoded(name, one.display_name)}\r\n <{one.addr_spec}>\r\n".encode()
        return super().fold_binary(name, value)


def _encoded(name: str, text: str) -> str:
    return Header(text, "utf-8", header_name=name, maxlinelen=LINE).encode(linesep="\r\n")


POLICY = _Folding(linesep=SMTP.linesep)


def site_host() -> str:
    """The host of SITE_URL in ASCII, which our Message-IDs end in and our EHLO names."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return host.encode("idna").decode()


def sender() -> str:
    """The address all our mail comes from, which is also its envelope sender."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def envelope_address(address: str) -> str:
    """`address` with its domain in ASCII (IDNA), as it goes over the wire."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{domain.encode('idna').decode()}"


def compose(mail: Mail, *, message_id: str, at: datetime) -> bytes:
    """`mail` as MIME with CRLF line ends: plain text, HTML beside it if there is any, attachments.

    `at` is the moment of its Date header (UTC).
    """
    to = envelope_address(mail.to)
    message = EmailMessage(policy=POLICY if to.isascii() else POLICY.clone(utf8=True))
    message["From"] = _from(mail)
    message["To"] = _address(to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    if mail.reply_to:
        message["Reply-To"] = _address(envelope_address(mail.reply_to))
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text, cte="quoted-printable")
    if mail.html:
        message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    for file in mail.attachments:
        maintype, subtype = file.content_type.split("/")
        message.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=file.name)
    return message.as_bytes()


def _from(mail: Mail) -> Address:
    default_name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return _address(address, name="" if mail.is_discreet else mail.from_name or default_name)


def _address(address: str, *, name: str = "") -> Address:
    local, _, domain = address.rpartition("@")
    return Address(display_name=name, username=local, domain=domain)
