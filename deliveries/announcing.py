"""What those who deliver a letter are told by mail about it: it names neither letter nor signer.

It says the number of a release or of a delivery, and leads to the desk by that number alone.
"""

from allauth.account.adapter import get_adapter

from accounts.models import User
from deliveries.models import Delivery, Release
from letters.models import Letter
from letters.permitting import KINDS, Verb

HANDED_OUT = "handed_out"  # to who brings what was approved to leave by mail
CASE = "case"  # somebody has the mail as it left, names included
PROPOSED, APPROVED, VOID, FAILED, TROUBLE = "proposed", "approved", "void", "failed", "trouble"
CANCELLED = "cancelled"
CLOSED = "closed"  # the page of an office
ANSWERED, WRONG = "answered", "wrong"  # what an office does on its own page


def tell(release: Release, step: str) -> None:
    """Tell all who may deliver the letter that its release goes a step further, also whoever made it go."""
    facts = {"is_release": True, "number": release.pk, "sha256": release.manifest_hash}
    _tell(release.letter, {"step": step, **facts})


def tell_of_trouble(delivery: Delivery) -> None:
    """Tell them that a delivery waits for a person: uncertain, given up, or come back."""
    tell_of(delivery, TROUBLE)


def tell_of(delivery: Delivery, step: str) -> None:
    """Tell them what became of one delivery."""
    _tell(delivery.dossier.letter, {"step": step, "number": delivery.pk})


def _tell(letter: Letter, context: dict[str, object]) -> None:
    mine = {"roles__letter": letter, "roles__kind__in": KINDS[Verb.DELIVER]}
    for user in User.objects.filter(**mine, is_active=True).distinct():
        get_adapter().send_mail("account/email/delivery", user.email, dict(context))
