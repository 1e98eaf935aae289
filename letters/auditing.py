"""What auditors get: the trail of their letter, and every day the hash that stands for all of it."""

from allauth.account.adapter import get_adapter
from django.db.models import QuerySet

from accounts import chaining
from accounts.models import Trail, User
from letters.models import Letter, Role


def trail_of(letter: Letter) -> "QuerySet[Trail]":
    """Who did what about the letter and all that belongs to it, the newest first."""
    return Trail.objects.filter(letter=letter.pk).select_related("who")


def mail_head() -> int:
    """Mail the last hash of the trail's chain to every auditor, where nobody here can change it any more.

    Returns how many mails that is.
    """
    link = chaining.head_of_yesterday()
    if link is None:
        return 0
    auditors = User.objects.filter(roles__kind=Role.Kind.AUDITOR, is_active=True).distinct()
    for auditor in auditors:
        get_adapter().send_mail("account/email/trail_head", auditor.email, {"link": link})
    return len(auditors)
