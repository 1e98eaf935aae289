"""What an invited organisation does: open its page, sign, decline, or want no mail ever."""

import logging
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from invitations import announcing
from invitations.models import Attempt, Invitation
from signatories import signing
from signatories.models import Kind

logger = logging.getLogger(__name__)


def is_shown_by_a_browser(request: HttpRequest) -> bool:
    """Whether a browser says that it shows the page to somebody, which programs that scan mail mostly do not.

    Browsers that do not say so pass for such programs; a program that runs a browser passes for a person.
    """
    headers = request.headers
    return (
        request.method == "GET"
        and headers.get("Sec-Fetch-Mode") == "navigate"
        and headers.get("Sec-Fetch-Dest") == "document"
        and not headers.get("Sec-Purpose")
    )


def note_opened(invitation: Invitation) -> None:
    """Note when the page was first shown. It is told to the host and decides nothing."""
    Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=timezone.now())


@transaction.atomic
def sign(invitation: Invitation, **answers: Any) -> None:
    """Record an attempt to sign. The invitation is signed once the attempt is confirmed.

    Raises LetterNotOpen, VersionChanged.
    """
    note_opened(invitation)
    attempt = signing.sign(invitation.letter, **answers)
    if attempt.kind == Kind.ORGANISATION:
        Attempt.objects.create(invitation=invitation, signature=attempt)


@transaction.atomic
def decline(invitation: Invitation) -> None:
    """Say no, which ends all reminders and takes the name off the letter's page. Twice is as good as once."""
    changed = Invitation.objects.filter(pk=invitation.pk).say_no(timezone.now())
    if changed:
        announcing.settle(invitation.letter)
        logger.info("invitation %s declined", invitation.pk)


@transaction.atomic
def never_write(invitation: Invitation) -> None:
    """Decline, and never write to the address again."""
    decline(invitation)
    signing.never_write_to(invitation.address)
