"""How much mail one address gets, however many people ask for it.

Limits delay mail; they never drop it.
"""

from datetime import datetime, timedelta

from scrutiny import limits
from signatories.models import Mailbox

WINDOWS = {
    "mails_per_address_in_10_minutes": timedelta(minutes=10),
    "mails_per_address_in_24_hours": timedelta(hours=24),
}
LONGEST = max(WINDOWS.values())


def grant(mailbox: Mailbox, *, message: int, at: datetime) -> datetime | None:
    """Let one mail to a locked mailbox leave, or say when it may.

    A message that was granted before (its sending failed, it is tried again) counts once.
    """
    moments = [
        (number, moment)
        for number, text in mailbox.moments
        if (moment := datetime.fromisoformat(text)) > at - LONGEST
    ]
    if message not in {number for number, _ in moments}:
        times = sorted(moment for _, moment in moments)
        for name, most in limits.limits(*WINDOWS).items():
            recent = [moment for moment in times if moment > at - WINDOWS[name]]
            if len(recent) >= most:
                return (recent[-most] if most else at) + WINDOWS[name]
        moments.append((message, at))
    mailbox.moments = [[number, moment.isoformat()] for number, moment in moments]
    mailbox.save(update_fields=["moments"])
    return None


def free(address: str) -> None:
    """An address whose owner has confirmed is free again."""
    Mailbox.objects.filter(address=address).update(moments=[])
