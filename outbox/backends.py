"""The door for mail of Django and allauth: it is posted like all other, and never sent in a request."""

from collections.abc import Iterator, Sequence
from email.utils import parseaddr
from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from outbox import emails, posting
from outbox.building import HEADERS_ALLOWED, Attachment, Mail


class OutboxBackend(BaseEmailBackend):
    """Posts each mail, sealed, once per recipient; nobody sees who else got it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Returns the number of mails that were posted; those without a recipient are not."""
        posted = 0
        with transaction.atomic():
            for email in email_messages:
                mails = list(_mails(email))
                for mail in mails:
                    posting.post(emails.RENDERED, subject=emails.seal(mail).pk)
                posted += bool(mails)
            if posted:
                transaction.on_commit(posting.nudge)
        return posted


def _mails(email: EmailMessage) -> Iterator[Mail]:
    alternatives = email.alternatives if isinstance(email, EmailMultiAlternatives) else []
    html = [str(content) for content, kind in alternatives if kind == "text/html"]
    text = str(email.body)
    if email.content_subtype == "html":
        html, text = [text], ""
    for recipient in dict.fromkeys(email.recipients()):
        yield Mail(
            to=parseaddr(recipient)[1],
            subject=str(email.subject),
            text=text,
            html=html[0] if html else "",
            headers={
                name: str(value) for name, value in email.extra_headers.items() if name in HEADERS_ALLOWED
            },
            reply_to=parseaddr(email.reply_to[0])[1] if email.reply_to else "",
            attachments=[_attachment(file) for file in email.attachments],
        )


def _attachment(file: Any) -> Attachment:
    name, content, kind = file
    data = content.encode() if isinstance(content, str) else content
    return Attachment(name=name or "file", content=data, content_type=kind or "application/octet-stream")
