"""What the owners of a letter are told by mail about its lists: it names neither letter nor signer."""

from allauth.account.adapter import get_adapter

from accounts.models import User
from exports.models import Export
from letters.models import Role

BUILT, APPROVED, TAKEN = "built", "approved", "taken"


def tell_owners(export: Export, step: str) -> None:
    """Tell all who own the letter that its list goes one step further, also whoever made it go."""
    owners = User.objects.filter(
        roles__letter=export.letter_id, roles__kind=Role.Kind.OWNER, is_active=True
    ).distinct()
    for owner in owners:
        get_adapter().send_mail("account/email/export", owner.email, {"export": export, "step": step})
