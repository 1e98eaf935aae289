"""Taking a merge back within thirty days: each of the two is again what it was."""

import json
import logging
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import trail
from accounts.models import User
from letters.permitting import Verb, letters_for
from logos.models import Logo
from merges.merging import LettersOfOthers, lock
from merges.models import Merge
from organisations.models import Evidence, Name, Organisation
from signatories import moderating
from signatories.models import Decision, Signature
from spaces.models import Membership

logger = logging.getLogger(__name__)


class TooLate(Exception):
    """Thirty days are over, or it is undone already."""


class LaterMerge(Exception):
    """Another merge of the same organisation came after: that one is undone first."""


class NamesChanged(Exception):
    """A name that came along leads now, or was taken off: the two cannot be told apart as before."""


class SignedSince(Exception):
    """Under a letter the organisation would stand twice, since something was decided meanwhile."""


class Undone(NamedTuple):
    """How many signatures that were taken out are back, and how many are not: decided on or gone since."""

    back: int
    out: int


@transaction.atomic
def undo(merge: Merge, *, by: User) -> Undone:
    """Part the two again. What came in the name of the one that was gone goes with it.

    Whoever was let go since stays out; evidence taken back since stays so.
    Raises TooLate, LaterMerge, NamesChanged, SignedSince, LettersOfOthers.
    """
    kept, gone = merge.kept, merge.gone
    lock(kept, gone)
    row = Merge.objects.select_for_update().get(pk=merge.pk)
    _guard(row, by=by)
    now = timezone.now()
    try:
        with transaction.atomic():
            _names(row)
            _signatures(row)
            undone = _put_back(row, by=by)
    except (IntegrityError, moderating.OrganisationAlreadySigned) as error:
        raise SignedSince(row) from error
    _evidence(row)
    _members(row)
    _logo(row)
    _descriptions(row)
    _proposed(row)
    Organisation.objects.filter(pk=gone.pk).update(merged_into=None)
    Merge.objects.filter(pk=row.pk).update(undone_by=by, undone_at=now, before={}, typed=None)
    trail.record("merge of organisations undone", about=kept, by=by, gone=gone.pk, back=undone.back)
    logger.info("organisation %s came out of %s", gone.pk, kept.pk)
    return undone


def _guard(row: Merge, *, by: User) -> None:
    if not row.can_be_undone():
        raise TooLate(row)
    later = row.kept.merges.lasting().filter(pk__gt=row.pk)
    if later.exists() or Organisation.objects.filter(pk=row.kept_id, merged_into__isnull=False).exists():
        raise LaterMerge(row)
    names = row.kept.names.filter(pk__in=[number for number, _ in row.before["names"]])
    led_by = [number for number, kind in row.before["names"] if kind == Name.Kind.MAIN]
    if names.filter(kind=Name.Kind.MAIN).exists() or not names.filter(pk__in=led_by).exists():
        raise NamesChanged(row)
    taken_out = [signature for signature, _, _ in row.before["rejected"]]
    theirs = Signature.objects.filter(pk__in=taken_out)
    if theirs.exclude(letter__in=letters_for(by, Verb.MODERATE)).exists():
        raise LettersOfOthers(row)


def _names(row: Merge) -> None:
    for number, kind in row.before["names"]:
        row.kept.names.filter(pk=number).update(organisation=row.gone_id, kind=kind)


def _signatures(row: Merge) -> None:
    """What was its own, and what has come under its names since."""
    keys = list(row.gone.names.values_list("key", flat=True))
    mine = row.kept.signatures
    mine.filter(pk__in=row.before["signatures"]).update(organisation=row.gone_id)
    mine.filter(organisation_key__in=keys).update(organisation=row.gone_id)


def _put_back(row: Merge, *, by: User) -> Undone:
    """Let count again what was taken out as signed twice, or wait again if it did."""
    back = 0
    for number, decided, held_at in row.before["rejected"]:
        signature = Signature.objects.select_for_update().get(pk=number)
        last = signature.decisions.lasting().order_by("-pk").first()
        if last is None or last.pk != decided or signature.withdrawn_at or signature.erased_at:
            continue
        signature.rejected_at = None
        signature.held_at = datetime.fromisoformat(held_at) if held_at else None
        moderating.settle(signature, {"rejected_at", "held_at"})
        Decision.objects.create(signature=signature, verdict=Decision.Verdict.UNDO, by=by, undoes=last)
        back += 1
    return Undone(back, len(row.before["rejected"]) - back)


def _evidence(row: Merge) -> None:
    """Each goes back to whom it spoke for, and speaks again if the merge alone had ended it."""
    row.kept.evidence.filter(pk__in=row.before["evidence"]).update(organisation=row.gone_id)
    row.kept.vouches.filter(pk__in=row.before["words"]).update(voucher=row.gone_id)
    for evidence in Evidence.objects.filter(pk__in=row.before["ended"], revoked_at=row.at):
        same = Evidence.objects.filter(
            organisation=evidence.organisation_id,
            kind=evidence.kind,
            voucher=evidence.voucher_id,
            revoked_at=None,
        )
        if not same.exists():
            Evidence.objects.filter(pk=evidence.pk).update(revoked_at=None)


def _members(row: Merge) -> None:
    for number, role in row.before["members"]:
        row.kept.members.filter(pk=number).update(organisation=row.gone_id, role=role)
    typed = json.loads(row.typed or "{}")
    for number, user, role, since in row.before["dropped"]:
        if User.objects.filter(pk=user).exists():
            Membership.objects.create(
                pk=number,
                user_id=user,
                organisation_id=row.gone_id,
                role=role,
                since=datetime.fromisoformat(since),
                typed=typed.get(str(number)),
            )


def _logo(row: Merge) -> None:
    """It goes back, unless another took its place since; merges of before there were logos know of none."""
    Logo.objects.filter(pk=row.before.get("logo"), organisation=row.kept_id).update(organisation=row.gone_id)


def _proposed(row: Merge) -> None:
    """What still waits goes back; merges of before names were proposed know of none."""
    waiting = row.kept.proposed_names.waiting()
    waiting.filter(pk__in=row.before.get("proposed", [])).update(organisation=row.gone_id)


def _descriptions(row: Merge) -> None:
    """Those that went along go back, as they read by now; merges of before they did know of none."""
    came = row.kept.descriptions.filter(pk__in=row.before.get("descriptions", []))
    came.update(organisation=row.gone_id)
