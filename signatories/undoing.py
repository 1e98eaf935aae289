"""Taking back one's own decision within ten minutes: everything is as it was before."""

import json
import logging
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.models import User
from letters.models import Letter
from signatories import asking, erasing, moderating, signing
from signatories.models import UNDO_WITHIN, Decision, Question, Report, Signature, new_secret
from signatories.models.decisions import DecisionQuerySet

logger = logging.getLogger(__name__)

NAMES = ("name", "organisation_name")


class TooLate(Exception):
    """Ten minutes are over."""


class SomethingHappenedSince(Exception):
    """It is undone already, or somebody else, or the signer, has changed the signature since."""


class Undone(NamedTuple):
    """The signature as it is again; whether a mail to its owner had left by the decision."""

    signature: Signature
    was_mailed: bool


def undoable(letter: Letter, *, by: User, at: datetime | None = None) -> DecisionQuerySet:
    """What somebody has decided under the letter within ten minutes and may take back, the latest first."""
    since = (at or timezone.now()) - UNDO_WITHIN
    mine = Decision.objects.lasting().filter(by=by, signature__letter=letter, at__gt=since)
    return mine.filter(before__isnull=False).select_related("signature").order_by("-at", "-pk")


def together_with(decision: Decision) -> DecisionQuerySet:
    """What was decided in one step with it, itself too, and is not undone or over."""
    return Decision.objects.lasting().filter(
        together=decision.together, together__isnull=False, by=decision.by_id, before__isnull=False
    )


@transaction.atomic
def undo(decision: Decision, *, by: User) -> Undone:
    """Take a decision of one's own back. That is a decision of its own; both stay on record.

    A mail that has left by then cannot be called back: the answer says so, and nothing counts by it.
    Raises TooLate, SomethingHappenedSince, OrganisationAlreadySigned.
    """
    row = signing.locked(decision.signature)
    decision = Decision.objects.get(pk=decision.pk, by=by)
    if decision.before is None or timezone.now() >= decision.at + UNDO_WITHIN:
        raise TooLate(decision)
    if row.decisions.lasting().order_by("-pk").first() != decision or _has_changed(row, decision):
        raise SomethingHappenedSince(decision)
    before, tied = json.loads(decision.before), row.organisation_id
    changed = _restore(row, before)
    if decision.verdict == Decision.Verdict.ASK:
        asking.close(row, Question.Outcome.TAKEN_BACK)
    moderating.settle(row, changed)
    if tied and row.organisation_id != tied:
        erasing.forget_organisations([tied])
    Decision.objects.filter(pk=decision.pk).update(before=None)
    Decision.objects.create(signature=row, verdict=Decision.Verdict.UNDO, by=by, undoes=decision)
    trail.record("signature undo", about=row, by=by, letter=row.letter_id, verdict=decision.verdict)
    logger.info("signature %s: %s undone", row.pk, decision.verdict)
    return Undone(row, was_mailed=row.mailed_at is not None and row.mailed_at > decision.at)


def forget(*, at: datetime | None = None) -> int:
    """Forget what was before decisions that can be undone no more. Returns of how many."""
    over = (at or timezone.now()) - UNDO_WITHIN
    return Decision.objects.filter(before__isnull=False, at__lte=over).update(before=None)


def _has_changed(row: Signature, decision: Decision) -> bool:
    """Whether the signature is not any more as the decision has left it."""
    if decision.verdict == Decision.Verdict.ASK:
        return row.asked_at is None
    is_rejection = decision.verdict == Decision.Verdict.REJECT and bool(decision.ground)
    moments = (
        row.held_at, row.reported_at, row.corrected_at, row.withdrawn_at, row.deleted_at, row.erased_at,
    )  # fmt: skip
    return any(moments) or (row.rejected_at is not None) != is_rejection


def _restore(row: Signature, before: dict[str, Any]) -> set[str]:
    """Put back what was there; a name that returns gets a fresh salt, as one that comes does."""
    reports = before.pop("reports", [])
    Report.objects.filter(pk__in=reports, signature=row).update(closed_at=None)
    for column, value in before.items():
        field = row._meta.get_field(column)
        setattr(row, column, field.to_python(value))  # type: ignore[union-attr]
    changed = {row._meta.get_field(column).name for column in before}
    if not changed.isdisjoint(NAMES):
        row.salt = new_secret()
        changed.add("salt")
    return changed
