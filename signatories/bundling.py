"""One decision about several signatures that wait, taken and undone together; who cannot follow is named."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import uuid4

from django.db import transaction

from accounts import trail
from accounts.models import User
from letters.models import Letter
from signatories import asking, claiming, moderating, undoing
from signatories.models import Decision, Signature
from signatories.models.signatures import SignatureQuerySet

DECIDE: dict[str, Callable[..., Signature]] = {
    "approve": moderating.approve,
    "reject": moderating.reject,
    "ask": moderating.ask,
}
HINDERS = (
    moderating.NotWaiting,
    moderating.OrganisationAlreadySigned,
    claiming.ClaimedByAnother,
    asking.NobodyToAsk,
)
HINDERS_UNDOING = (undoing.TooLate, undoing.SomethingHappenedSince, moderating.OrganisationAlreadySigned)


class LeftOut(NamedTuple):
    """A signature that was not changed, and why."""

    signature: Signature
    why: Exception


class Bundle(NamedTuple):
    """What was changed together, and what was left as it was."""

    done: list[Signature]
    left_out: list[LeftOut]
    was_mailed: bool = False


@transaction.atomic
def decide(letter: Letter, picked: SignatureQuerySet, verdict: str, *, by: User, **said: str) -> Bundle:
    """Decide on those of the picked that still wait and that nobody else has before their eyes."""
    done: list[Signature] = []
    left_out: list[LeftOut] = []
    together = uuid4()
    # in one order, so that no two who decide on the same wait for each other
    for signature in picked.order_by("pk"):
        try:
            done.append(DECIDE[verdict](signature, by=by, together=together, **said))
        except HINDERS as error:
            left_out.append(LeftOut(signature, error))
    _record(f"signatures {verdict}", letter, done, by=by)
    return Bundle(done, left_out)


@transaction.atomic
def undo(decision: Decision, *, by: User) -> Bundle:
    """Take back what was decided together with the decision, as far as that can be undone. Raises TooLate."""
    done: list[undoing.Undone] = []
    left_out: list[LeftOut] = []
    for one in undoing.together_with(decision).select_related("signature").order_by("signature"):
        try:
            done.append(undoing.undo(one, by=by))
        except HINDERS_UNDOING as error:
            left_out.append(LeftOut(one.signature, error))
    if not done and all(isinstance(one.why, undoing.TooLate) for one in left_out):
        raise undoing.TooLate(decision)
    rows = [undone.signature for undone in done]
    _record("signatures undo", decision.signature.letter, rows, by=by)
    return Bundle(rows, left_out, was_mailed=any(undone.was_mailed for undone in done))


def _record(verb: str, letter: Letter, rows: list[Signature], **more: Any) -> None:
    if rows:
        trail.record(verb, about=letter, letter=letter.pk, count=len(rows), **more)
