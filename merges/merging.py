"""Letting one organisation of the directory go into another, in one transaction."""

import json
import logging
from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import trail
from accounts.models import User
from logos.models import Logo
from merges import planning
from merges.models import Merge
from merges.planning import Plan
from organisations.models import Evidence, Organisation
from signatories import moderating
from signatories.models import Decision, Signature

logger = logging.getLogger(__name__)


class PlanChanged(Exception):
    """What would move is not what was shown: somebody, or a signer, has changed something since."""


class LettersOfOthers(Exception):
    """A signature would be taken out, or get other speakers, under a letter that somebody else moderates."""


class PastChoosing(Exception):
    """Both stand under a letter whose signatures are erased: none can be taken out any more."""


@transaction.atomic
def merge(kept: Organisation, gone: Organisation, *, seen: str, by: User) -> Merge:
    """Let `gone` go into `kept` as the plan says whose mark was `seen`; for thirty days it can be undone.

    Of two signatures under one letter one is taken out as signed twice, so that nothing counts double.
    Raises PlanChanged, LettersOfOthers, PastChoosing.
    """
    lock(kept, gone)
    rows = Organisation.objects.current().filter(pk__in=[kept.pk, gone.pk])
    if rows.count() != 2:
        raise PlanChanged(gone)
    plan = planning.plan(kept, gone)
    if plan.mark() != seen:
        raise PlanChanged(gone)
    if planning.out_of_reach(plan, by=by):
        raise LettersOfOthers(gone)
    if plan.beyond:
        raise PastChoosing(gone)
    row = Merge.objects.create(kept=kept, gone=gone, by=by, before=_picture(plan), typed=_typed(plan))
    row.before["rejected"] = list(_take_out_doubles(plan, by=by))
    row.save(update_fields=["before"])
    _move(plan, row)
    counted = {"gone": gone.pk, "signatures": len(plan.signatures), "doubles": len(plan.doubles)}
    trail.record("organisation merged", about=kept, by=by, **counted)
    logger.info("organisation %s went into %s", gone.pk, kept.pk)
    return row


def lock(*organisations: Organisation) -> None:
    """Lock the signatures before the organisations, as moderators who approve do, each in one order."""
    numbers = [row.pk for row in organisations]
    signatures = Signature.objects.select_for_update().filter(organisation__in=numbers)
    list(signatures.order_by("pk").values_list("pk", flat=True))
    rows = Organisation.objects.select_for_update().filter(pk__in=numbers)
    list(rows.order_by("pk").values_list("pk", flat=True))


def _picture(plan: Plan) -> dict[str, object]:
    """What was, by number, so that it can be so again."""
    return {
        "names": [[moving.row.pk, moving.row.kind] for moving in plan.names],
        "evidence": [row.pk for row in plan.evidence],
        "words": [row.pk for row in plan.words],
        "ended": [row.pk for row in plan.ends],
        "signatures": [row.pk for row in plan.signatures],
        "members": [[moving.row.pk, moving.row.role] for moving in plan.members],
        "logo": plan.logo.pk if plan.logo else None,
        "descriptions": [row.pk for row in plan.descriptions],
        "proposed": [row.pk for row in plan.proposed],
        "dropped": [[row.pk, row.user_id, row.role, row.since.isoformat()] for row in plan.drops],
    }


def _typed(plan: Plan) -> str | None:
    """The addresses of those who are in both spaces, as that of `gone` shows them."""
    typed = {row.pk: row.typed for row in plan.drops if row.typed}
    return json.dumps(typed) if typed else None


def _take_out_doubles(plan: Plan, *, by: User) -> Iterator[list[object]]:
    """Reject what is signed twice. Yields which signature, by which decision, and since when it waited."""
    reason = _("Two entries of the directory were one organisation, and its other signature stays.")
    for double in plan.doubles:
        held_at = double.goes.held_at
        decision = moderating.invalidate(double.goes, by=by, reason=reason, ground=Decision.Ground.DUPLICATE)
        if decision is None:
            raise PlanChanged(plan.gone)
        yield [double.goes.pk, decision.pk, held_at.isoformat() if held_at else None]


def _move(plan: Plan, merge: Merge) -> None:
    kept, gone = plan.kept, plan.gone
    ended = Evidence.objects.filter(pk__in=[row.pk for row in plan.ends])
    ended.update(revoked_at=merge.at)  # by that moment it is known again when the merge is undone
    for moving in plan.names:
        gone.names.filter(pk=moving.row.pk).update(organisation=kept, kind=moving.becomes)
    Evidence.objects.filter(pk__in=[row.pk for row in plan.evidence]).update(organisation=kept)
    Evidence.objects.filter(pk__in=[row.pk for row in plan.words]).update(voucher=kept)
    gone.signatures.update(organisation=kept)
    kept.members.filter(by_invitation=True).delete()
    for moving in plan.members:
        gone.members.filter(pk=moving.row.pk).update(organisation=kept, role=moving.becomes)
    gone.members.all().delete()
    if plan.logo:
        Logo.objects.filter(pk=plan.logo.pk).update(organisation=kept)
    gone.descriptions.filter(pk__in=[row.pk for row in plan.descriptions]).update(organisation=kept)
    gone.proposed_names.filter(pk__in=[row.pk for row in plan.proposed]).update(organisation=kept)
    Organisation.objects.filter(pk=gone.pk).update(merged_into=kept)
