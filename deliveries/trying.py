"""Trying a delivery out: what each office would get by e-mail, mailed to somebody of the desk instead."""

from django.db import transaction

from accounts import trail
from accounts.models import User
from deliveries import emails, releasing
from deliveries.models import Release, Trial
from letters.models import Recipient
from outbox import posting


@transaction.atomic
def try_out(release: Release, *, by: User) -> int:
    """Post it for each office that is reached by e-mail, without names that only offices see.

    Returns how many. All of them are posted, or none. Raises NothingToShow.
    """
    if not can_be_tried(release):
        raise releasing.NothingToShow(release)
    offices = release.recipients.filter(channel=Recipient.Channel.EMAIL)
    for recipient in offices:
        trial = Trial.objects.create(release=release, recipient=recipient, by=by)
        posting.post(emails.TRIAL, subject=trial.pk)
    trail.record("delivery tried out", about=release, by=by, letter=release.letter_id)
    return len(offices)


def can_be_tried(release: Release) -> bool:
    """Whether there is something of it to look at: it is prepared, not over, and its names still live."""
    try:
        return releasing.shown(release).key is not None
    except releasing.NothingToShow:
        return False
