"""Saying which signatures are to be taken out, letting that run, stopping it, and taking it back."""

from typing import Any

from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from accounts import trail
from accounts.models import User
from invalidations.models import ALONE, ALONE_WITHIN, Invalidation, State
from letters.models import Letter
from outbox import queueing
from signatories.models import Signature


class NotItsTurn(Exception):
    """Somebody was quicker, its time is over, or it has not come that far."""


class NetworkForgotten(Exception):
    """From which network the signature came is not known any more: without it far more would be found."""


class OwnInvalidation(Exception):
    """So many signatures are not taken out by who proposed it, nor put back by who asked for that."""


@transaction.atomic
def propose(letter: Letter, *, by: User, like: Signature | None = None, **conditions: Any) -> Invalidation:
    """Have the signatures found that meet all conditions. Nothing is taken out by that.

    `like` is a signature from whose network they came. Raises NetworkForgotten.
    """
    network = (like and like.network) or ""
    if like and not network:
        raise NetworkForgotten(like)
    row = Invalidation.objects.create(
        letter=letter,
        proposed_by=by,
        network=network,
        is_by_network=bool(network),
        last=letter.signatures.aggregate(last=Max("pk"))["last"] or 0,
        **conditions,
    )
    trail.record("invalidation proposed", about=row, by=by, **_told(row))
    _queue(row)
    return row


@transaction.atomic
def start(invalidation: Invalidation, *, by: User) -> Invalidation:
    """Let it take out what was found, and nothing else. Raises NotItsTurn, OwnInvalidation."""
    Letter.objects.select_for_update().get(pk=invalidation.letter_id)  # small ones at once are many
    row = _locked(invalidation)
    if row.state != State.GATHERED or not row.found:
        raise NotItsTurn(row)
    if row.proposed_by_id == by.pk and needs_another(row):
        raise OwnInvalidation(row)
    row.state, row.started_by, row.started_at = State.RUNNING, by, timezone.now()
    row.save(update_fields=["state", "started_by", "started_at"])
    trail.record("invalidation started", about=row, by=by, found=row.found)
    _queue(row)
    return row


def needs_another(row: Invalidation) -> bool:
    """Whether its proposer may not let it run: with what they took out alone within a day it is many."""
    mine = Invalidation.objects.filter(letter=row.letter_id, proposed_by=row.proposed_by_id)
    alone = mine.filter(started_by=row.proposed_by_id, started_at__gt=timezone.now() - ALONE_WITHIN)
    earlier = alone.exclude(pk=row.pk).aggregate(found=Sum("found"))["found"] or 0
    return row.found + earlier > ALONE


@transaction.atomic
def cancel(invalidation: Invalidation, *, by: User) -> Invalidation:
    """Stop it where it stands; what is taken out stays out until it is reversed. Raises NotItsTurn."""
    row = _locked(invalidation)
    if row.state not in (State.GATHERING, State.GATHERED, State.RUNNING):
        raise NotItsTurn(row)
    row.state, row.network, row.ended_at = State.CANCELLED, "", timezone.now()
    row.save(update_fields=["state", "network", "ended_at"])
    trail.record("invalidation stopped", about=row, by=by, taken_out=row.taken_out)
    return row


@transaction.atomic
def ask_to_reverse(invalidation: Invalidation, *, by: User) -> Invalidation:
    """Propose to put back what it took out; that is for somebody else to let happen. Raises NotItsTurn."""
    row = _locked(invalidation)
    if not row.can_be_reversed() or row.reversal_asked_by_id:
        raise NotItsTurn(row)
    row.reversal_asked_by = by
    row.save(update_fields=["reversal_asked_by"])
    trail.record("invalidation reversal asked for", about=row, by=by, taken_out=row.taken_out)
    return row


@transaction.atomic
def reverse(invalidation: Invalidation, *, by: User) -> Invalidation:
    """Put back what it took out and nobody has decided about since. Raises NotItsTurn, OwnInvalidation."""
    Letter.objects.select_for_update().get(pk=invalidation.letter_id)  # small ones at once are many
    row = _locked(invalidation)
    if not row.can_be_reversed():
        raise NotItsTurn(row)
    row.reversal_asked_by_id = row.reversal_asked_by_id or by.pk
    if row.reversal_asked_by_id == by.pk and needs_another_to_reverse(row, by=by):
        raise OwnInvalidation(row)
    row.matches.filter(decision__isnull=False).update(is_handled=False)
    row.state, row.reversed_by, row.reversed_at, row.handled = State.REVERSING, by, timezone.now(), 0
    row.save(update_fields=["state", "reversed_by", "reversed_at", "reversal_asked_by", "handled"])
    trail.record("invalidation reversed", about=row, by=by, taken_out=row.taken_out)
    _queue(row)
    return row


def needs_another_to_reverse(row: Invalidation, *, by: User) -> bool:
    """Whether they may not put it back alone: with what they put back alone within a day it is many."""
    mine = Invalidation.objects.filter(letter=row.letter_id, reversal_asked_by=by, reversed_by=by)
    alone = mine.filter(reversed_at__gt=timezone.now() - ALONE_WITHIN).exclude(pk=row.pk)
    earlier = alone.aggregate(taken_out=Sum("taken_out"))["taken_out"] or 0
    return row.taken_out + earlier > ALONE


def _queue(row: Invalidation) -> None:
    transaction.on_commit(lambda: queueing.queue("invalidations.work", row.pk))


def _locked(invalidation: Invalidation) -> Invalidation:
    return Invalidation.objects.select_for_update().get(pk=invalidation.pk)


def _told(row: Invalidation) -> dict[str, Any]:
    """By which conditions, for the trail, which names neither persons nor domains."""
    return {
        "by_domain": row.domain is not None,
        "by_name": row.name is not None,
        "by_network": row.is_by_network,
        "since": row.since and row.since.isoformat(),
        "until": row.until and row.until.isoformat(),
        "score": row.score,
    }
