"""Mails that come back of a delivery, as servers write them (RFC 3464)."""

MAIL = """\
From: Mail Delivery System <MAILER-DAEMON@mx.office.example>
To: {to}
Subject: Delivery Status Notification
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"

--=_b
Content-Type: text/plain; charset=utf-8

This is the mail system. Something became of your message to minister@office.example.

--=_b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.office.example
{envelope}Arrival-Date: Mon, 6 Jul 2026 10:00:00 +0000

Original-Recipient: rfc822;minister@office.example
Final-Recipient: rfc822;minister@office.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <minister@office.example>: no such user

--=_b
Content-Type: {quoted}

From: letters@undersigned.example
Message-ID: {message_id}
Subject: A letter

--=_b--
"""


def report(
    *, to: str = "bounces@undersigned.example", action: str = "failed", status: str = "5.1.1",
    envelope: str = "", message_id: str = "<nobodys@us.example>", quoted: str = "text/rfc822-headers",
) -> bytes:  # fmt: skip
    """What a server writes of a mail that it took."""
    line = f"Original-Envelope-Id: {envelope}\n" if envelope else ""
    text = MAIL.format(
        to=to, action=action, status=status, envelope=line, message_id=message_id, quoted=quoted
    )
    return text.encode()


def return_path(delivery) -> str:
    return f"bounces+d{delivery.return_tag}@undersigned.example"
