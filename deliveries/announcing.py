"""What those who deliver a letter are told by mail about it: it names neither letter nor signer.

It says the number of a release or of a delivery, and leads to the desk by that number alone.
"""

from allauth.account.adapter import get_adapter

from deliveries.models import Delivery, Release
from letters.models import Letter
from letters.permitting import Verb, who_may

HANDED_OUT = "handed_out"  # to who brings what was approved to leave by mail
CASE = "case"  # somebody has the mail as it left, names included
PROPOSED, APPROVED, VOID, FAILED, TROUBLE = "proposed", "approved", "void", "failed", "trouble"
CANCELLED = "cancelled"
CLOSED, OPENED, LOST = "closed", "opened", "lost"  # the page of an office, and mail about a new one
ANSWERED, WRONG = "answered", "wrong"  # what an office does on its own page


def tell(release: Release, step: str) -> None:
    """Tell all who may deliver the letter that its release goes a step further, also whoever made it go.

    Who has proposed it cannot approve it: they are told that others do, or that nobody else can.
    """
    facts = {"step": step, "is_release": True, "number": release.pk, "sha256": release.manifest_hash}
    _tell(release.letter, facts, proposed_by=release.proposed_by_id)


def tell_of_trouble(delivery: Delivery) -> None:
    """Tell them that a delivery waits for a person: uncertain, given up, or come back."""
    tell_of(delivery, TROUBLE)


def tell_of(delivery: Delivery, step: str) -> None:
    """Tell them what became of one delivery."""
    _tell(delivery.dossier.letter, {"step": step, "number": delivery.pk})


def _tell(letter: Letter, context: dict[str, object], *, proposed_by: int | None = None) -> None:
    told = list(who_may(Verb.DELIVER, letter).order_by("pk"))
    for user in told:
        whose = {"is_own": user.pk == proposed_by, "is_alone": len(told) == 1}
        get_adapter().send_mail("account/email/delivery", user.email, context | whose)
