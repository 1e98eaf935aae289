"""The owner of an address confirms or deletes what was signed with it: by link or by typed code."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone, translation

from letters.models import Letter
from outbox import posting
from signatories import emails, suspecting, throttling, tokens
from signatories.models import CODE_TRIES, Decision, Kind, LinkRequest, Signature
from vault.failpoints import failpoint
from vault.indexing import address_index

logger = logging.getLogger(__name__)


class AttemptDeleted(Exception):
    """Its owner deleted this attempt, or confirmed another one instead."""


class AttemptExpired(Exception):
    """The attempt was not confirmed in time, or the letter has closed meanwhile."""


def open_attempts(attempt: Signature, *, at: datetime | None = None) -> list[Signature]:
    """What the owner of the attempt's address may confirm under this letter, its own first."""
    same = Signature.objects.filter(letter=attempt.letter_id, address=attempt.address)
    others = same.attempts()
    if same.confirmed().filter(kind=Kind.PERSON).exists():
        others = others.exclude(kind=Kind.PERSON)
    rows = others.select_related("letter", "version").order_by("-pk") if attempt.address else ()
    return sorted((row for row in rows if not row.has_expired(at)), key=lambda row: row.pk != attempt.pk)


@transaction.atomic
def confirm(attempt: Signature, *, is_by_hand: bool = True) -> Signature:
    """Confirm one attempt. Returns the signature that stands now for its owner.

    It is idempotent, and if the owner has signed already, that signature is returned and nothing
    changes. A person's other attempts under this letter are deleted: the owner has picked one.
    An organisation waits for a moderator, and so does what looks like no person's (suspecting);
    `is_by_hand`: whether the request looks like a click. Raises AttemptDeleted, AttemptExpired.
    """
    rows = _locked_rows(attempt)
    row = rows[attempt.pk]
    if row.confirmed_at:
        return row
    if row.deleted_at or row.erased_at:
        raise AttemptDeleted(row)
    if row.has_expired():
        raise AttemptExpired(row)
    rivals = [other for other in rows.values() if other.pk != row.pk and _is_rival(other, row)]
    for other in rivals:
        if other.confirmed_at and not other.withdrawn_at:
            return other
    _record(row, is_by_hand=is_by_hand)
    _delete([other for other in rivals if not other.confirmed_at])
    throttling.free(row.address or "")
    posting.post(emails.THANKS, subject=row.pk, dedupe_key=f"{emails.THANKS}:{row.pk}")
    failpoint("confirm_before_commit")
    logger.info("signature %s confirmed", row.pk)
    return row


@transaction.atomic
def delete(attempt: Signature) -> None:
    """Delete an attempt its owner did not ask for. What is confirmed is not deleted but withdrawn."""
    row = Signature.objects.select_for_update().get(pk=attempt.pk)
    if row.confirmed_at:
        return
    _delete([row])
    logger.info("signature %s deleted by its owner", row.pk)


@transaction.atomic
def by_code(letter: Letter, *, email: str, code: str) -> Signature | None:
    """The attempt whose mail carried this code, or None: wrong code, unknown address and spent tries alike.

    Every wrong code uses up one try of each attempt of the address, confirmed or not; after five only
    links work.
    """
    rows = list(
        Signature.objects.select_for_update()
        .filter(letter=letter, address=address_index(email), deleted_at=None, erased_at=None)
        .order_by("pk")
    )
    for row in rows:
        row.letter = letter
        if row.code_tries < CODE_TRIES and not row.has_expired() and tokens.is_code(code, row):
            return row
    # spent tries are not counted on: a column that overflows would tell who has signed
    Signature.objects.filter(pk__in=[row.pk for row in rows], code_tries__lt=CODE_TRIES).update(
        code_tries=F("code_tries") + 1
    )
    return None


@transaction.atomic
def ask_for_links(*, purpose: str, email: str, letter: Letter | None = None) -> None:
    """Note that somebody wants the links of an address mailed to it.

    The same two rows are written whoever asks; whether there is anything to mail is found out later.
    """
    request = LinkRequest.objects.create(
        purpose=purpose,
        letter=letter,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        email=email,
        address=address_index(email),
        created_at=Now(),  # compared with when mail left, by the same clock
    )
    posting.post(emails.LINKS, subject=request.pk)


def _locked_rows(attempt: Signature) -> dict[int, Signature]:
    """Every signature of the attempt's address under its letter, locked in one order."""
    rows = Signature.objects.select_for_update(of=("self",)).select_related("letter", "version")
    same = rows.filter(letter=attempt.letter_id, address=attempt.address) if attempt.address else rows.none()
    locked = {row.pk: row for row in same.order_by("pk")}
    return locked if attempt.pk in locked else {attempt.pk: rows.get(pk=attempt.pk)}


def _is_rival(other: Signature, row: Signature) -> bool:
    """Whether only one of the two may stand: one person, or one organisation, per address and letter."""
    if other.deleted_at or other.erased_at or other.kind != row.kind:
        return False
    return row.kind == Kind.PERSON or other.organisation_key == row.organisation_key


def _record(row: Signature, *, is_by_hand: bool) -> None:
    now = timezone.now()
    reason = suspecting.reason_to_wait(row, is_by_hand=is_by_hand)
    row.confirmed_at = row.unsettled_at = now
    row.consent = (row.consent or {}) | {"confirmed_on": now.date().isoformat()}
    is_held_now = bool(reason) and row.held_at is None
    row.held_at = row.held_at or (now if reason else None)
    row.save(update_fields=["confirmed_at", "unsettled_at", "consent", "held_at", *suspecting.SCORED])
    if is_held_now:
        Decision.objects.create(signature=row, verdict=Decision.Verdict.HOLD, reason=reason)


def _delete(rows: list[Signature]) -> None:
    for row in rows:
        row.deleted_at = row.deleted_at or timezone.now()
        for field in Signature.PERSONAL:
            setattr(row, field, None)
        row.suspicions = []
        row.save(update_fields=["deleted_at", "suspicions", *Signature.PERSONAL])
