"""What moderators decide about held signatures and corrected names; each decision is kept with its reason."""

import json
import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from accounts import trail
from accounts.models import User
from organisations import recognising, verifying
from outbox import posting
from signatories import asking, claiming, emails, reporting, signing
from signatories.models import Decision, Question, Signature, new_secret

logger = logging.getLogger(__name__)

Verdict = Decision.Verdict
CHANGED = (
    "held_at", "rejected_at", "reported_at", "asked_at", "corrected_at", "corrected_name", "corrections",
    "name", "organisation_name", "name_key", "organisation_id", "organisation_key",
)  # fmt: skip


class NotWaiting(Exception):
    """Nothing waits for a decision: somebody decided first, or the signer withdrew meanwhile."""


class OrganisationAlreadySigned(Exception):
    """The organisation stands under this letter already, by another signature."""


class ReasonMissing(Exception):
    """Who rejects or reinstates says why."""


@transaction.atomic
def approve(signature: Signature, *, by: User, reason: str = "", together: UUID | None = None) -> Signature:
    """Let a held signature count, a corrected name stand, or a reported name be: all of it that waits.

    What is not confirmed yet does not count by that: its mail leaves, and its owner decides. An
    organisation is recognised by its name from now on. Returns the signature as it is now.
    Raises NotWaiting, ClaimedByAnother, OrganisationAlreadySigned.
    """
    row = _waiting(signature, by=by)
    before = _picture(row)
    changed = {"held_at"} | _take_correction(row) | _close_reports(row)
    row.held_at = None
    settle(row, changed | _recognise(row))
    _let_mail_leave(row)
    corrects = "corrected_name" in changed
    _decide(row, Verdict.APPROVE, before, by=by, reason=reason, corrects=corrects, together=together)
    return row


@transaction.atomic
def reject(
    signature: Signature,
    *,
    by: User,
    reason: str,
    ground: str = Decision.Ground.OTHER,
    together: UUID | None = None,
) -> Signature:
    """Refuse a held or reported signature, which takes it out of everything, or drop a lone correction.

    `ground` is what the public may know; the reason stays at the desk. A signature whose owner only asked
    for another spelling goes on standing under the old one.
    Raises NotWaiting, ClaimedByAnother, ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing(signature)
    row = _waiting(signature, by=by)
    before = _picture(row)
    corrects = row.held_at is None and row.reported_at is None
    if not corrects:
        row.rejected_at, row.held_at = timezone.now(), None
    settle(row, {"rejected_at", "held_at"} | _drop_correction(row) | _close_reports(row))
    said = {"reason": reason, "ground": "" if corrects else ground}
    _decide(row, Verdict.REJECT, before, by=by, **said, corrects=corrects, together=together)
    return row


@transaction.atomic
def ask(signature: Signature, *, by: User, topic: str, together: UUID | None = None) -> Signature:
    """Have its signer asked, in set words, before it is decided; until then it is out of the queue.

    The mail leaves when that cannot be undone any more. It comes back with the answer, or after seven days.
    Raises NotWaiting, ClaimedByAnother, asking.NobodyToAsk, asking.AskedEnough.
    """
    row = _waiting(signature, by=by)
    before = _picture(row)
    if signing.wants_no_mail(row.address):
        raise asking.NobodyToAsk(row)
    question = asking.start(row, topic, by=by)
    row.save(update_fields=["asked_at"])
    key, leaves_at = emails.key_of(question), question.leaves_at()
    posting.post(emails.QUESTION, subject=row.pk, dedupe_key=key, at=leaves_at)
    with translation.override(settings.LANGUAGE_CODE):
        reason = str(Question.Topic(topic).label)
    _decide(row, Verdict.ASK, before, by=by, reason=reason, together=together)
    return row


@transaction.atomic
def wait_no_longer(signature: Signature, *, by: User) -> Signature:
    """Put what was asked back into the queue without an answer. Raises NotWaiting if none is waited for."""
    row = signing.locked(signature)
    if row.asked_at is None:
        raise NotWaiting(row)
    asking.close(row, Question.Outcome.TAKEN_BACK)
    row.save(update_fields=["asked_at"])
    trail.record("signature not waited for", about=row, by=by, letter=row.letter_id)
    return row


@transaction.atomic
def invalidate(signature: Signature, *, by: User, reason: str, ground: str) -> Decision | None:
    """Take out a confirmed signature, whether it counts or waits: one of many that are taken out together.

    What else waits about it, a report or a correction, waits again if it is reinstated. Returns None, having
    changed nothing, if it was withdrawn, erased or rejected meanwhile.
    """
    row = signing.locked(signature)
    if row.confirmed_at is None or row.withdrawn_at or row.rejected_at or row.erased_at:
        return None
    row.rejected_at, row.held_at = timezone.now(), None
    asking.close(row, Question.Outcome.SETTLED)
    settle(row, {"rejected_at", "held_at", "asked_at"})
    return Decision.objects.create(
        signature=row, verdict=Verdict.REJECT, by=by, reason=reason, ground=ground, before=None
    )


@transaction.atomic
def reinstate(signature: Signature, *, by: User, reason: str, held_at: datetime | None = None) -> Signature:
    """Take a rejection back: the signature counts after all, or its mail leaves after all.

    With `held_at` it waits for a moderator again, as it did since then.

    Raises NotWaiting if it is not rejected (any more), OrganisationAlreadySigned, ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing(signature)
    row = signing.locked(signature)
    if row.rejected_at is None or row.withdrawn_at is not None or row.erased_at is not None:
        raise NotWaiting(row)
    before = _picture(row)
    row.rejected_at, row.held_at = None, held_at
    settle(row, {"rejected_at", "held_at"} | (set() if held_at else _recognise(row)))
    _let_mail_leave(row)
    _decide(row, Verdict.REINSTATE, before, by=by, reason=reason)
    return row


def _waiting(signature: Signature, *, by: User) -> Signature:
    """The locked row, if it still waits: two moderators who decide at once are served one after the other."""
    row = signing.locked(signature)
    if not row.is_waiting():
        raise NotWaiting(row)
    claiming.guard(row, by=by)
    return row


def _take_correction(row: Signature) -> set[str]:
    """Put the corrected name in place; the fresh salt tells nobody which line of the roll was renamed."""
    if row.corrected_at is None or row.corrected_name is None:
        return set()
    name = "organisation_name" if row.is_organisation() else "name"
    setattr(row, name, row.corrected_name)
    row.name_key = signing.name_index(row.corrected_name)
    row.salt, row.corrections = new_secret(), 0
    return {name, "name_key", "salt", "corrections"} | _drop_correction(row)


def _drop_correction(row: Signature) -> set[str]:
    row.corrected_name, row.corrected_at = None, None
    return {"corrected_name", "corrected_at"}


def _close_reports(row: Signature) -> set[str]:
    """One decision answers every report of a name."""
    reporting.close(row)
    return {"reported_at"}


def _recognise(row: Signature) -> set[str]:
    """Tie an organisation's signature to the organisation of that name, made at its first approval."""
    if not row.is_organisation() or not row.organisation_name or row.confirmed_at is None:
        return set()
    row.organisation_key = recognising.index(row.organisation_name)
    row.organisation = recognising.recognise(
        row.organisation_name, language=row.language, website=row.website, country=row.country
    )
    if row.email:
        verifying.note_mailbox(row.organisation, email=row.email, confirmed_at=row.confirmed_at)
    return {"organisation", "organisation_key"}


def _let_mail_leave(row: Signature) -> None:
    """Ask the owner of an attempt that was held before its mail left; the 72 hours run from then."""
    if row.confirmed_at is None:
        posting.post(emails.ATTEMPT, subject=row.pk)


def settle(row: Signature, changed: set[str]) -> None:
    """Write what changed and leave roll and count to the clock. The database knows who has signed already."""
    row.unsettled_at = timezone.now()
    try:
        with transaction.atomic():
            row.save(update_fields=[*changed, "unsettled_at"])
    except IntegrityError as error:
        raise OrganisationAlreadySigned(row) from error


def _picture(row: Signature) -> dict[str, Any]:
    """What a decision may change, so that it can be undone."""
    reports = list(row.reports.filter(closed_at=None).values_list("pk", flat=True))
    return {column: getattr(row, column) for column in CHANGED} | {"reports": reports}


def _difference(before: dict[str, Any], row: Signature) -> str:
    """Of what was before: what is not so any more."""
    after = _picture(row)
    changed = {column: value for column, value in before.items() if value != after[column]}
    return json.dumps(changed, default=str)


def _decide(
    row: Signature,
    verdict: Verdict,
    before: dict[str, Any],
    *,
    by: User,
    reason: str,
    ground: str = "",
    corrects: bool = False,
    together: UUID | None = None,
) -> None:
    Decision.objects.create(
        signature=row,
        verdict=verdict,
        by=by,
        reason=reason.strip(),
        ground=ground,
        before=_difference(before, row),
        together=together,
    )
    trail.record(f"signature {verdict.value}", about=row, by=by, letter=row.letter_id, is_correction=corrects)
    logger.info("signature %s: %s", row.pk, verdict.value)
