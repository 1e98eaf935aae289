"""Finding the signatures of a bulk invalidation, taking them out and putting them back, a batch at a time.

A batch and how far it came are one transaction, under the lock of the invalidation's row: whoever dies in the
middle has done nothing, and two workers do nothing twice.
"""

import logging
import re
import time
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from invalidations.models import Invalidation, Match, State
from organisations import recognising
from scrutiny import domains
from signatories import moderating
from signatories.models import Signature

WINDOW = 2000  # numbers of signatures that are looked at in one batch
BATCH = 100  # signatures that change in one batch
AT_ONCE = 20.0  # seconds of work, after which another task goes on

logger = logging.getLogger(__name__)


def work(pk: int) -> bool:
    """Do what there is to do, for AT_ONCE seconds. Returns whether something is left."""
    end = time.monotonic() + AT_ONCE
    while is_left := batch(pk):
        if time.monotonic() >= end:
            break
    return is_left


@transaction.atomic
def batch(pk: int) -> bool:
    """Do the next batch of whatever the invalidation is at. Returns whether something is left."""
    row = Invalidation.objects.select_for_update().select_related("letter").filter(pk=pk).first()
    if row is None or not row.is_under_way():
        return False
    if row.state == State.GATHERING:
        _gather(row)
    elif row.state == State.RUNNING:
        _take_out(row)
    else:
        _put_back(row)
    row.save()
    return row.is_under_way()


def _gather(row: Invalidation) -> None:
    ahead = row.letter.signatures.filter(pk__gt=row.looked_at, pk__lte=row.last)
    first = ahead.aggregate(first=Min("pk"))["first"] or row.last  # other letters' are passed over at once
    end = min(first + WINDOW - 1, row.last)
    rows = row.letter.signatures.confirmed().filter(_conditions(row), pk__gt=row.looked_at, pk__lte=end)
    rows = rows.only("kind", "name", "organisation_name").order_by("pk")
    Match.objects.bulk_create(Match(invalidation=row, signature=one) for one in _named(row, rows))
    row.looked_at = end
    if end == row.last:
        row.state, row.network, row.found = State.GATHERED, "", row.matches.count()
        logger.info("invalidation %s: %s found", row.pk, row.found)


def _conditions(row: Invalidation) -> Q:
    """What the database can tell: the name is sealed, and compared here."""
    found = Q(rejected_at=None, erased_at=None)
    if row.domain:
        found &= Q(domain=domains.index(domains.registrable(row.domain)))
    if row.is_by_network:
        found &= Q(network=row.network)
    if row.since:
        found &= Q(created_at__gte=row.since)
    if row.until:
        found &= Q(created_at__lt=row.until)
    if row.score is not None:
        found &= Q(score__gte=row.score)
    return found


def _named(row: Invalidation, rows: Iterable[Signature]) -> Iterable[Signature]:
    """Those whose name the pattern fits; `*` stands for any letters, case and spaces do not matter."""
    if row.name is None:
        return rows
    parts = (re.escape(part) for part in recognising.plain(row.name).split("*"))
    fits = re.compile(".*".join(parts)).fullmatch
    return (one for one in rows if fits(recognising.plain(one.shown_name() or "")))


def _take_out(row: Invalidation) -> None:
    assert row.started_by is not None  # noqa: S101 - a constraint says so
    for match in _next(row):
        held_at = match.signature.held_at
        match.decision = moderating.invalidate(
            match.signature, by=row.started_by, reason=row.reason, ground=row.ground
        )
        match.held_at = held_at if match.decision else None
        _handled(match)
        row.taken_out += match.decision is not None
        row.handled += 1
    if not row.matches.filter(is_handled=False).exists():
        row.state, row.ended_at = State.DONE, timezone.now()
        logger.info("invalidation %s: %s taken out", row.pk, row.taken_out)


def _put_back(row: Invalidation) -> None:
    assert row.reversed_by is not None  # noqa: S101 - a constraint says so
    reason = _("Bulk invalidation %(number)s was reversed.") % {"number": row.pk}
    for match in _next(row):
        if _is_as_it_was_left(match):
            try:
                moderating.reinstate(
                    match.signature, by=row.reversed_by, reason=reason, held_at=match.held_at
                )
                row.put_back += 1
            except (moderating.NotWaiting, moderating.OrganisationAlreadySigned):
                logger.info("invalidation %s: one signature stays out", row.pk)
        _handled(match)
        row.handled += 1
    if not row.matches.filter(is_handled=False).exists():
        row.state = State.REVERSED


def _next(row: Invalidation) -> list[Match]:
    waiting = row.matches.filter(is_handled=False).select_related("signature", "decision")
    return list(waiting.order_by("signature")[:BATCH])


def _handled(match: Match) -> None:
    match.is_handled = True
    match.save(update_fields=["is_handled", "decision", "held_at"])


def _is_as_it_was_left(match: Match) -> bool:
    """Whether nobody has decided about it since it was taken out."""
    last = match.signature.decisions.lasting().order_by("-pk").first()
    return match.decision is not None and last == match.decision
