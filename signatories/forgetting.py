"""Erase personal data when its time is over.

The periods are promises: who signs is told them, and they are part of what is agreed to. So they stand here
and not among the limits that a desk may move.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts import trail
from letters.models import Letter
from signatories import erasing, signing
from signatories.enrolled import reckoning
from signatories.models import LinkRequest, Mailbox, Report, Signature
from signatories.models.signatures import SignatureQuerySet

logger = logging.getLogger(__name__)

TRACE_KEPT = timedelta(days=30)
REJECTED_KEPT = timedelta(days=30)
WITHDRAWN_KEPT = timedelta(days=30)
CLOSED_KEPT = timedelta(days=365)  # after closing, whatever becomes of the deliveries
SIGNED_KEPT = timedelta(days=365)  # after signing, under a letter without a closing date
REQUEST_KEPT = timedelta(days=6)
MAILBOX_KEPT = timedelta(days=2)  # limits look back a day
COMPLAINT_KEPT = timedelta(days=30)
REPORT_KEPT = timedelta(days=30)  # after its decision
NETWORK_KEPT = timedelta(hours=24)
CLUES_KEPT = timedelta(hours=23)  # the clock looks every hour, so none grows older than 24
BATCH = 500


def forget(*, at: datetime | None = None) -> int:
    """Erase whatever is over at the moment `at` (default: now). Returns how many signatures were erased.

    Id, nonce and moments of an attempt stay for 30 days, so that its link can say what happened. The end
    that a letter's deliveries set is looked for by `deliveries.retaining`.
    """
    at = at or timezone.now()
    erased = _erase_expired(at)
    erased += _erase(rejected(at), at=at) + _erase(withdrawn(at), at=at)
    for letter in Letter.objects.filter(Exists(outlived(at).filter(letter=OuterRef("pk")))):
        erased += forget_letter(letter, rows=outlived(at), why="its time is over", at=at)
    erasing.untie_organisations(Signature.objects.filter(erased_at__isnull=False))
    _delete_traces(at)
    LinkRequest.objects.filter(created_at__lte=at - REQUEST_KEPT).delete()
    _forget_mailboxes(at)
    _forget_reports(at)
    if erased:
        logger.info("%s signatures erased whose time was over", erased)
    return erased


def forget_letter(letter: Letter, *, rows: SignatureQuerySet | None = None, why: str, at: datetime) -> int:
    """Erase addresses and all names that are not public of a letter's signatures (default: of all).

    Returns how many. Each goes on counting as an anonymous row, roll and count stay, and public names stay
    listed. What somebody is changing this moment, or the roll does not show yet, is left for the next time.
    """
    mine = (rows if rows is not None else kept()).filter(letter=letter)
    erased = _erase(mine, at=at)
    if erased:
        trail.record("signatures forgotten", about=letter, by=None, signatures=erased, why=why)
        logger.info("letter %s: %s signatures forgotten, %s", letter.pk, erased, why)
    return erased


def kept() -> SignatureQuerySet:
    """Confirmed signatures of which something personal is left, and which the roll shows as they are."""
    mine = Signature.objects.filter(confirmed_at__isnull=False, erased_at=None)
    return mine.filter(Q(unsettled_at=None) | Q(withdrawn_at__isnull=False))


def rejected(at: datetime) -> SignatureQuerySet:
    """What a moderator has rejected, confirmed or not, and nobody reinstated in time."""
    return Signature.objects.filter(rejected_at__lte=at - REJECTED_KEPT, erased_at=None)


def withdrawn(at: datetime) -> SignatureQuerySet:
    """What its owner has withdrawn: no longer needed for anything."""
    return kept().filter(withdrawn_at__lte=at - WITHDRAWN_KEPT)


def outlived(at: datetime) -> SignatureQuerySet:
    """What stands under letters closed for long, or has stood for long under letters that never close."""
    return kept().filter(
        Q(letter__closes_at__lte=at - CLOSED_KEPT)
        | Q(letter__closes_at=None, created_at__lte=at - SIGNED_KEPT)
    )


def expired(at: datetime) -> int:
    """How many attempts were not confirmed in time."""
    attempts = Signature.objects.attempts().select_related("letter").iterator(chunk_size=BATCH)
    return sum(attempt.has_expired(at) for attempt in attempts)


def _erase_expired(at: datetime) -> int:
    erased, last = 0, 0
    while True:
        with transaction.atomic():
            rows = Signature.objects.attempts().filter(pk__gt=last).select_for_update(of=("self",))
            batch = list(rows.select_related("letter").order_by("pk")[:BATCH])
            if not batch:
                return erased
            last = batch[-1].pk
            for row in batch:
                if row.has_expired(at):
                    signing.forget(row, at=at)
                    erased += 1


def _erase(rows: SignatureQuerySet, *, at: datetime) -> int:
    """Erase the rows in batches. It waits for nobody: rows in other hands are found again next time."""
    erased = 0
    while True:
        with transaction.atomic():
            free = rows.order_by("pk").select_for_update(of=("self",), skip_locked=True)
            batch = [row.pk for row in free.only("pk")[:BATCH]]
            if not batch:
                return erased
            erasing.erase(batch, at=at)
            erased += len(batch)


def _delete_traces(at: datetime) -> None:
    gone = Signature.objects.filter(confirmed_at=None, created_at__lte=at - TRACE_KEPT)
    gone = gone.exclude(erased_at=None, deleted_at=None)
    while traces := list(gone.values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            reckoning.remember(traces, at=at)
            erasing.forget_messages(traces)
            Signature.objects.filter(pk__in=traces).delete()


def _forget_mailboxes(at: datetime) -> None:
    """Delete the marks of addresses that limits no longer look at; who wants no mail stays known."""
    idle = Mailbox.objects.filter(opted_out_at=None)
    idle = idle.filter(Q(told_at=None) | Q(told_at__lte=at - MAILBOX_KEPT))
    idle = idle.filter(Q(complained_at=None) | Q(complained_at__lte=at - COMPLAINT_KEPT))
    over = (at - MAILBOX_KEPT).isoformat()
    rows = idle.values_list("pk", "moments").iterator(chunk_size=2000)
    old = [pk for pk, moments in rows if all(text <= over for _, text in moments)]
    for first in range(0, len(old), BATCH):
        idle.filter(pk__in=old[first : first + BATCH]).delete()


def _forget_reports(at: datetime) -> None:
    """A report outlives its decision, or the signature's withdrawal, by 30 days; its network lasts a day."""
    Report.objects.filter(network__isnull=False, at__lte=at - NETWORK_KEPT).update(network=None)
    over = at - REPORT_KEPT
    Report.objects.filter(Q(closed_at__lte=over) | Q(signature__withdrawn_at__lte=over)).delete()


def forget_clues(*, at: datetime | None = None) -> int:
    """Drop what requests showed, the marks of their networks first of all, before it is a day old.

    Returns how many signatures held any. What was made of the clues, the score, stays.
    """
    at = at or timezone.now()
    known = Q(network__isnull=False) | Q(clues__isnull=False)
    old = Signature.objects.filter(known, created_at__lte=at - CLUES_KEPT).order_by("created_at")
    deleted = Signature.objects.filter(deleted_at__isnull=False, created_at__lte=at - CLUES_KEPT)
    deleted.exclude(domain=None, name_key=None).update(domain=None, name_key=None)
    forgotten = 0
    while batch := list(old.values_list("pk", flat=True)[:BATCH]):
        forgotten += Signature.objects.filter(pk__in=batch).update(network=None, clues=None)
    return forgotten
