"""Reports about our mail, as providers and mail servers write them; everybody in them is invented."""

from outbox.models import Message

QUOTED = """From: Undersigned <no-reply@undersigned.example>
To: ada@okoye.example
Subject: Please confirm
Message-ID: {message_id}
Date: Wed, 25 Nov 2026 10:00:00 +0000

Somebody has signed with this address.
"""
COMPLAINT = """Return-Path: <>
From: Feedback <feedback@provider.example>
To: returns@undersigned.example
Subject: FW: Please confirm
Date: Wed, 25 Nov 2026 11:00:00 +0000
Message-ID: <report-1@provider.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="part"

--part
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report for a message received on Wed, 25 Nov 2026.

--part
Content-Type: message/feedback-report

Feedback-Type: {feedback}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <no-reply@undersigned.example>
Original-Rcpt-To: <ada@okoye.example>
Received-Date: Wed, 25 Nov 2026 10:00:03 +0000

--part
Content-Type: {quoted_as}
Content-Disposition: inline

{quoted}
--part--
"""
BOUNCE = """Return-Path: <>
From: MAILER-DAEMON@mail.provider.example
To: no-reply@undersigned.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-1@mail.provider.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

<ada@okoye.example>: user unknown

--part
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.provider.example
Arrival-Date: Wed, 25 Nov 2026 10:00:03 +0000 (UTC)

Final-Recipient: rfc822; ada@okoye.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <ada@okoye.example>: user unknown

--part
Content-Description: Undelivered Message
Content-Type: {quoted_as}

{quoted}
--part--
"""


def complaint(
    message_id: str | None,
    *,
    feedback: str = "abuse",
    quoted_as: str = "message/rfc822",
    quoted: str = QUOTED,
) -> bytes:
    """Somebody pressed "this is spam"."""
    text = quoted.format(message_id=message_id)
    return COMPLAINT.format(feedback=feedback, quoted_as=quoted_as, quoted=text).encode()


def bounce(
    message_id: str | None, *, action: str = "failed", quoted_as: str = "text/rfc822-headers"
) -> bytes:
    """A mail server took the mail and found later that it cannot be delivered."""
    return BOUNCE.format(
        action=action, quoted_as=quoted_as, quoted=QUOTED.format(message_id=message_id)
    ).encode()


def of(message: Message, why: str) -> bytes:
    """What is reported of a message that has left."""
    return complaint(message.message_id) if why == "complaint" else bounce(message.message_id)
