"""What those who may take out the lists of a letter are told by mail: it names neither letter nor signer."""

from allauth.account.adapter import get_adapter

from exports.models import Export
from letters.permitting import Verb, who_may

BUILT, APPROVED, TAKEN = "built", "approved", "taken"


def tell(export: Export, step: str) -> None:
    """Tell all who own the letter or export it that its list goes one step further, also whoever made it go.

    Who has asked for it cannot approve it: they are told that others do, or that nobody else can.
    """
    told = list(who_may(Verb.EXPORT, export.letter).order_by("pk"))
    for user in told:
        whose = {"is_own": user.pk == export.proposed_by_id, "is_alone": len(told) == 1}
        get_adapter().send_mail("account/email/export", user.email, {"export": export, "step": step} | whose)
