"""The owner of an address confirms or deletes what was signed with it: by link or by typed code."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, When, prefetch_related_objects
from django.db.models.functions import Now
from django.utils import timezone, translation

from letters.models import Letter
from outbox import posting
from signatories import emails, erasing, throttling, tokens
from signatories.judging import suspecting
from signatories.models import (
    CODE_TRIES,
    CODE_TRIES_IN_ALL,
    Decision,
    Kind,
    LinkRequest,
    Mailbox,
    Signature,
    new_secret,
)
from signatories.models.signatures import SignatureQuerySet
from vault.failpoints import failpoint
from vault.indexing import address_index

logger = logging.getLogger(__name__)

SHOWN_AT_MOST = 50
LOOKED_AT = 500  # unsealing more would make the page slow
SHOWN = (
    "version_id", "kind", "name", "role", "affiliation", "organisation_name", "country", "visibility",
)  # fmt: skip
NOT_SHOWN = ("email", "website", "corrected_name", "salt", "clues", "suspicions", "consent")

CODES_AT_ONCE = 20
NEEDED_FOR_CODES = (
    "public_id", "nonce", "code_tries", "letter", "created_at", "mailed_at", "confirmed_at", "rejected_at",
)  # fmt: skip
NOBODY = Signature(public_id="-" * 16, nonce="0" * 32)


class AttemptDeleted(Exception):
    """Its owner deleted this attempt, or confirmed another one instead."""


class AttemptExpired(Exception):
    """The attempt was not confirmed in time, or the letter has closed meanwhile."""


def open_attempts(attempt: Signature, *, at: datetime | None = None) -> list[Signature]:
    """What the owner of the attempt's address may confirm under this letter, its own first, then the newest.

    Attempts that would stand there alike are shown once. However many there are, it looks at the newest
    500 and shows 50: anybody may sign with any address.
    """
    if not attempt.address:
        return []
    same = Signature.objects.filter(letter=attempt.letter_id, address=attempt.address)
    others = same.attempts()
    if same.confirmed().filter(kind=Kind.PERSON).exists():
        others = others.exclude(kind=Kind.PERSON)
    is_another = Case(When(pk=attempt.pk, then=0), default=1)
    rows = others.select_related("letter", "version").defer(*NOT_SHOWN).order_by(is_another, "-pk")
    unlike: dict[tuple[object, ...], Signature] = {}
    for row in rows[:LOOKED_AT]:
        if not row.has_expired(at):
            unlike.setdefault(tuple(getattr(row, field) for field in SHOWN), row)
    shown = list(unlike.values())[:SHOWN_AT_MOST]
    prefetch_related_objects(shown, "version__recipients")
    return shown


@transaction.atomic
def confirm(attempt: Signature, *, is_by_hand: bool = True) -> Signature:
    """Confirm one attempt. Returns the signature that stands now for its owner.

    It is idempotent, and if the owner has signed already, that signature is returned and nothing
    changes. A person's other attempts under this letter are deleted: the owner has picked one.
    An organisation waits for a moderator, and so does what looks like no person's (suspecting);
    `is_by_hand`: whether the request looks like a click. Raises AttemptDeleted, AttemptExpired.
    """
    row = _locked(attempt)
    if row.confirmed_at:
        return row
    if row.deleted_at or row.erased_at:
        raise AttemptDeleted(row)
    if row.has_expired() or row.letter.taken_down_at:
        raise AttemptExpired(row)
    rivals = _rivals(row)
    if standing := rivals.confirmed().select_related("letter", "version").first():
        return standing
    _record(row, is_by_hand=is_by_hand)
    _end(rivals.filter(confirmed_at=None))
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
    _end(Signature.objects.filter(pk=row.pk, deleted_at=None))
    logger.info("signature %s deleted by its owner", row.pk)


@transaction.atomic
def by_code(letter: Letter, *, email: str, code: str, network: str | None) -> Signature | None:
    """The attempt whose mail carried this code, or None: wrong code, unknown address and spent tries alike.

    It looks at 20 attempts of the address that are neither deleted nor erased, first at those whose code was
    mailed last: among them every right code works, of others only the link. Strangers may sign with the
    address as often as they like, but mail leaves thrice a day. For each of these, confirmed or not, a wrong
    code uses up one of the five tries that its network (a mark) has in a day: then only links work there, and
    the code elsewhere. What is read, computed and written for a wrong code is the same whoever is asked for,
    since the time it takes would tell who has signed.
    """
    same = Signature.objects.filter(
        letter=letter, address=address_index(email), deleted_at=None, erased_at=None
    )
    first = same.order_by(F("code_mailed_at").desc(nulls_last=True), "-pk")
    newest = same.filter(pk__in=first.values("pk")[:CODES_AT_ONCE])
    rows = list(newest.select_for_update().only(*NEEDED_FOR_CODES).order_by("pk"))
    missing = CODES_AT_ONCE - len(rows)
    names = [*(row.public_id for row in rows), *(f"nobody-{number}" for number in range(missing))]
    tries = throttling.tries(names, network=network)
    fitting = [row for row in [*rows, *[NOBODY] * missing] if tokens.is_code(code, row) and row.pk]
    for row in fitting:
        row.letter = letter
        if _has_a_try_left(row, tries) and not row.has_expired():
            return Signature.objects.select_related("letter", "version").get(pk=row.pk)
    # spent tries are not counted on: a column that overflows would tell who has signed
    newest.filter(code_tries__lt=CODE_TRIES_IN_ALL).update(code_tries=F("code_tries") + 1)
    if network and tries:
        throttling.count_tries(tries, network=network)
    _write_something()
    return None


def _has_a_try_left(row: Signature, tries: dict[str, int] | None) -> bool:
    """While networks cannot be told apart, all of them share the tries of one."""
    if tries is None:
        return row.code_tries < CODE_TRIES
    return tries[row.public_id] < CODE_TRIES and row.code_tries < CODE_TRIES_IN_ALL


def _write_something() -> None:
    """Write a row and take it away, so that a commit costs what it costs where tries were counted."""
    Mailbox.objects.create(address=new_secret()).delete()


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


def _locked(attempt: Signature) -> Signature:
    """The attempt as it is now, once every row of its address under its letter is locked, in one order."""
    same = Q(pk=attempt.pk)
    if attempt.address:
        same |= Q(letter=attempt.letter_id, address=attempt.address)
    list(Signature.objects.select_for_update().filter(same).order_by("pk").values_list("pk", flat=True))
    return Signature.objects.select_related("letter", "version").get(pk=attempt.pk)


def _rivals(row: Signature) -> SignatureQuerySet:
    """Of what only one may stand: one person, or one organisation, per address and letter."""
    same = Signature.objects.filter(letter=row.letter_id, address=row.address, kind=row.kind)
    rivals = same.filter(deleted_at=None, erased_at=None).exclude(pk=row.pk)
    return rivals if row.kind == Kind.PERSON else rivals.filter(organisation_key=row.organisation_key)


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


def _end(rows: SignatureQuerySet) -> None:
    """Delete attempts, whose rows the caller has locked: for a day marks of them are left, nothing else."""
    erasing.empty(rows, keeps=erasing.MARKS, deleted_at=timezone.now())
