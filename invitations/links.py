"""The private links of an invitation: to sign by it, and to say no. They lead to no page of a signature."""

from invitations.models import Invitation
from signatories import tokens
from signatories.emails import absolute

INVITED = "invited"


def token(row: Invitation) -> str:
    return tokens.make(INVITED, row)


def to_sign(row: Invitation) -> str:
    """Where the organisation signs, in the active language."""
    return absolute("invitations:invited", token=token(row))


def to_decline(row: Invitation) -> str:
    """Where it declines, and by one click (RFC 8058) gets no mail from here any more."""
    return absolute("invitations:decline", token=token(row))


def read(text: str, *, purpose: str) -> Invitation:
    """The invitation that a token names, if it was sent. Raises NoSuchLink."""
    rows = Invitation.objects.posted().with_answers().select_related("letter__current")
    return tokens.read_among(rows, text, purpose=purpose)
