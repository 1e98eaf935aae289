"""What would move if one organisation went into another: the same answer for the preview and for the deed."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from letters.permitting import Verb, letters_for
from logos import replacing
from logos.models import Logo
from organisations import verifying
from organisations.editing import OF_THE_DOMAIN
from organisations.models import Description, Evidence, Name, Organisation, ProposedName
from signatories.models import Signature
from spaces.models import Membership

READ = (
    "letter__slug", "confirmed_at", "held_at", "rejected_at", "withdrawn_at", "erased_at", "organisation",
)  # fmt: skip


@dataclass(frozen=True)
class Double:
    """A letter under which both stand: one signature stays, the other is taken out as signed twice."""

    stays: Signature
    goes: Signature


@dataclass(frozen=True)
class Moving:
    """A row that moves, and as what it goes on: the kind of a name, the role of a member."""

    row: Any
    becomes: str


@dataclass(frozen=True)
class Plan:
    """All that changes when `gone` goes into `kept`."""

    kept: Organisation
    gone: Organisation
    names: list[Moving]
    evidence: list[Evidence]
    words: list[Evidence]  # that `gone` gives for others
    ends: list[Evidence]  # wherever it stands: what speaks for nobody any more
    signatures: list[Signature]
    doubles: list[Double]
    members: list[Moving]
    drops: list[Membership]  # of who speaks or writes for both: they keep what they are in `kept`
    trials: list[Membership]  # of whom an invitation alone let in: they leave either, for good
    logo: Logo | None  # of `gone`, where `kept` has none
    descriptions: list[Description]  # of `gone`, in languages in which `kept` has none
    proposed: list[ProposedName]  # likewise, where none waits at `kept`; the others are asked no more

    @property
    def beyond(self) -> list[Double]:
        """Doubles of which neither can be taken out any more: their time is over, they only count."""
        return [double for double in self.doubles if double.goes.erased_at]

    @property
    def keeps(self) -> list[Evidence]:
        """The evidence that goes on speaking."""
        return [row for row in self.evidence if row.is_standing() and row not in self.ends]

    @property
    def falls(self) -> list[Evidence]:
        """What stands now and will not."""
        return [row for row in self.ends if row.is_standing()]

    def mark(self) -> str:
        """What tells this plan from the one of a moment later, if anything has changed."""
        parts = [
            [self.kept.pk, self.gone.pk],
            [[moving.row.pk, moving.becomes] for moving in [*self.names, *self.members]],
            [row.pk for row in [*self.evidence, *self.words]],
            [row.pk for row in self.ends],
            [row.pk for row in self.signatures],
            [[double.stays.pk, double.goes.pk] for double in self.doubles],
            [row.pk for row in [*self.drops, *self.trials]],
            [self.logo.pk if self.logo else None],
            [row.pk for row in [*self.descriptions, *self.proposed]],
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def plan(kept: Organisation, gone: Organisation) -> Plan:
    """What moves from `gone` to `kept`, and what cannot stand twice."""
    evidence, words, ends = _evidence(kept, gone)
    members, drops = _members(kept, gone)
    signatures = list(gone.signatures.select_related("letter").only(*READ).order_by("pk"))
    return Plan(
        kept=kept,
        gone=gone,
        names=list(_names(kept, gone)),
        evidence=evidence,
        words=words,
        ends=ends,
        signatures=signatures,
        doubles=list(_doubles(kept, signatures)),
        members=members,
        drops=drops,
        trials=_trials(kept, gone),
        logo=_logo(kept, gone),
        descriptions=_descriptions(kept, gone),
        proposed=_proposed(kept, gone),
    )


def out_of_reach(plan: Plan, *, by: User) -> int:
    """Under how many letters of others a signature would be taken out, handed over, or renamed."""
    letters = {double.goes.letter_id for double in plan.doubles} | _handed_over(plan) | _renamed(plan)
    return len(letters.difference(letters_for(by, Verb.MODERATE).values_list("pk", flat=True)))


def _handed_over(plan: Plan) -> set[int]:
    """The letters under which the merge lets somebody speak for a signature who did not before."""
    coming = {moving.row.user_id for moving in plan.members if moving.becomes == Membership.Role.SPEAKER}
    of_kept, of_gone = _speakers(plan.kept), _speakers(plan.gone)
    given = [plan.gone] if of_kept - of_gone else []
    given += [plan.kept] if coming - of_kept else []
    mine = Signature.objects.confirmed().filter(organisation__in=given, erased_at=None, rejected_at=None)
    return set(mine.values_list("letter", flat=True))


def _renamed(plan: Plan) -> set[int]:
    """The letters under which either stands: what stays goes by more names, what goes by another."""
    standing = Signature.objects.standing().filter(organisation__in=[plan.kept, plan.gone])
    return set(standing.values_list("letter", flat=True))


def _speakers(organisation: Organisation) -> set[int]:
    speakers = organisation.members.filter(by_invitation=False, role=Membership.Role.SPEAKER)
    return set(speakers.values_list("user", flat=True))


def _names(kept: Organisation, gone: Organisation) -> Iterator[Moving]:
    """A language has one name; what comes second is another spelling."""
    taken = {name.language for name in kept.names.all() if name.kind != Name.Kind.ALIAS}
    for name in gone.names.all():
        has_one = name.kind == Name.Kind.ALIAS or name.language in taken
        yield Moving(name, (Name.Kind.ALIAS if has_one else Name.Kind.TRANSLATION).value)


def _evidence(
    kept: Organisation, gone: Organisation
) -> tuple[list[Evidence], list[Evidence], list[Evidence]]:
    """What moves of it, what the word of `gone` moves, and what ends: nobody speaks twice or for itself."""
    standing = Evidence.objects.filter(revoked_at=None)
    own = {(row.kind, row.voucher_id): row for row in standing.filter(organisation=kept)}
    same_domain = verifying.provable_domain(kept) == verifying.provable_domain(gone)
    moves = list(gone.evidence.exclude(voucher=kept).order_by("pk"))
    ends = list(standing.filter(organisation=gone, voucher=kept))
    ends += standing.filter(organisation=kept, voucher=gone)
    for row in moves:
        if row.revoked_at:
            continue
        rival = own.get((row.kind, row.voucher_id))
        if row.kind in OF_THE_DOMAIN and not same_domain:
            ends.append(row)
        elif rival:
            ends.append(rival if row.is_standing() and not rival.is_standing() else row)
    words = list(gone.vouches.exclude(organisation=kept).order_by("pk"))
    spoken_for = set(standing.filter(voucher=kept).values_list("organisation", flat=True))
    ends += [row for row in words if row.revoked_at is None and row.organisation_id in spoken_for]
    return moves, words, sorted(ends, key=lambda row: row.pk)


def _members(kept: Organisation, gone: Organisation) -> tuple[list[Moving], list[Membership]]:
    """Where others speak already, who comes writes: they say who else speaks.

    Whom an invitation alone let in stays in neither: nobody has looked at them.
    """
    here = set(kept.members.filter(by_invitation=False).values_list("user", flat=True))
    coming = list(gone.members.filter(by_invitation=False).order_by("pk"))
    moves = [
        Moving(member, (Membership.Role.EDITOR if here else Membership.Role(member.role)).value)
        for member in coming
        if member.user_id not in here
    ]
    return moves, [member for member in coming if member.user_id in here]


def _trials(kept: Organisation, gone: Organisation) -> list[Membership]:
    either = Membership.objects.filter(organisation__in=[kept.pk, gone.pk])
    return list(either.filter(by_invitation=True).order_by("pk"))


def _logo(kept: Organisation, gone: Organisation) -> Logo | None:
    if replacing.logo_of(kept):
        return None
    return replacing.logo_of(gone)


def _descriptions(kept: Organisation, gone: Organisation) -> list[Description]:
    return list(gone.descriptions.exclude(language__in=kept.descriptions.values("language")))


def _proposed(kept: Organisation, gone: Organisation) -> list[ProposedName]:
    """A language has one that waits: what was asked of `kept` stays."""
    taken = kept.proposed_names.waiting().values("language")
    return list(gone.proposed_names.waiting().exclude(language__in=taken))


def _doubles(kept: Organisation, signatures: list[Signature]) -> Iterator[Double]:
    """One of an organisation stands under a letter: who counts before who waits, then who was first."""
    living = kept.signatures.confirmed().filter(rejected_at=None)
    theirs = {row.letter_id: row for row in living.select_related("letter").only(*READ)}
    for row in signatures:
        is_living = row.confirmed_at and not row.withdrawn_at and not row.rejected_at
        if is_living and (other := theirs.get(row.letter_id)):
            stays, goes = sorted((row, other), key=_precedence)
            yield Double(stays, goes)


def _precedence(row: Signature) -> tuple[bool, bool, Any, int]:
    return row.erased_at is None, row.held_at is not None, row.confirmed_at, row.pk
