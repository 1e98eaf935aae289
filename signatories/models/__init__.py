"""Who stands under a letter: signatures, the roll that numbers them, and what is decided about them."""

from signatories.models.brakes import Brake
from signatories.models.cells import Cell
from signatories.models.choices import Kind, Visibility, new_public_id, new_secret
from signatories.models.claims import Claim
from signatories.models.decisions import UNDO_WITHIN, Decision
from signatories.models.holdings import Holding
from signatories.models.looks import SecondLook
from signatories.models.mailboxes import LinkRequest, Mailbox
from signatories.models.questions import ANSWER_WITHIN, Question
from signatories.models.reckonings import Reckoning
from signatories.models.reports import Report
from signatories.models.rolls import Entry, Listing, Tally, TreeHead
from signatories.models.signatures import (
    CODE_TRIES,
    CODE_TRIES_IN_ALL,
    CONFIRM_AT_MOST,
    CONFIRM_WITHIN,
    Signature,
)

__all__ = [
    "ANSWER_WITHIN",
    "CODE_TRIES",
    "CODE_TRIES_IN_ALL",
    "CONFIRM_AT_MOST",
    "CONFIRM_WITHIN",
    "UNDO_WITHIN",
    "Brake",
    "Cell",
    "Claim",
    "Decision",
    "Entry",
    "Holding",
    "Kind",
    "LinkRequest",
    "Listing",
    "Mailbox",
    "Question",
    "Reckoning",
    "Report",
    "SecondLook",
    "Signature",
    "Tally",
    "TreeHead",
    "Visibility",
    "new_public_id",
    "new_secret",
]
