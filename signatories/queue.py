"""What a moderator sees of a signature that waits, and why it waits, in words."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, OuterRef, Subquery, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from letters import countries
from letters.models import Letter
from scrutiny.reasons import SENTENCES
from signatories import claiming, signing
from signatories.judging import lookalikes, suspecting
from signatories.models import Decision, Question, Report, Signature
from signatories.models.signatures import SignatureQuerySet

SHOWN = 50


@dataclass(frozen=True)
class Waiting:
    """One signature in the queue."""

    signature: Signature
    since: datetime | None
    reasons: list[str]

    @property
    def name(self) -> str:
        """The name as it appears; of one that is erased but for the list, the name there, if it still is."""
        listing = getattr(self.signature, "listing", None)
        return self.signature.shown_name() or (listing.name if listing else "")

    @property
    def grounds(self) -> list[tuple[str, str]]:
        """What may be said in public of its rejection."""
        return [(ground.value, str(ground.label)) for ground in Decision.Ground]

    @property
    def topics(self) -> list[tuple[str, str]]:
        """What its signer may be asked, if mail can reach them."""
        has_mailbox = self.signature.confirmed_at is not None and self.signature.email is not None
        return [(topic.value, str(topic.label)) for topic in Question.Topic] if has_mailbox else []

    @property
    def country(self) -> str:
        return countries.name(self.signature.country)


def waiting_of(letters: set[int]) -> dict[int, Any]:
    """How many signatures wait under each letter and since when, in one query."""
    found = Signature.objects.waiting().filter(letter__in=letters).order_by().values("letter")
    return {row["letter"]: row for row in found.annotate(count=Count("pk"), oldest=Min("waits_since"))}


def in_numbers(letter: Letter) -> dict[str, Any]:
    """How many signatures are `waiting` under a letter, and how many are `asked` something, each since when.

    In one query, since the queue says both at every step.
    """
    rows = letter.signatures.order_by()
    both = [
        states.order_by().values(which=Value(name)).annotate(count=Count("pk"), oldest=Min("waits_since"))
        for name, states in (("waiting", rows.waiting()), ("asked", rows.asked()))
    ]
    return {row["which"]: row for row in both[0].union(both[1]) if row["count"]}


def first(letter: Letter, *, after: int = 0, to: User | None = None) -> list[Waiting]:
    """The first that wait under the letter, or those that come `after` so many.

    Shown `to` a moderator: without those that another has before their eyes.
    """
    rows = letter.signatures.waiting()
    rows = claiming.free(rows, by=to) if to else rows
    rows = _with_why(rows)[after : after + SHOWN]
    return _with_reasons(letter, list(rows))


def chosen(letter: Letter, picked: SignatureQuerySet, *, to: User) -> list[Waiting]:
    """Those of the picked that wait, without those that another moderator has before their eyes."""
    waiting = letter.signatures.waiting().filter(pk__in=picked.order_by().values("pk"))
    return _with_reasons(letter, list(_with_why(claiming.free(waiting, by=to))))


def one(signature: Signature) -> Waiting | None:
    """A single signature, if it waits."""
    rows = _with_why(signature.letter.signatures.waiting().filter(pk=signature.pk))
    return next(iter(_with_reasons(signature.letter, list(rows))), None)


def _with_reasons(letter: Letter, rows: list[Signature]) -> list[Waiting]:
    """Signatures of the letter that wait, each with why."""
    standing = _standing_organisations(letter, rows)
    reported, answers = _reports(rows), _answers(rows)
    return [
        Waiting(
            signature=row,
            since=row.held_at or row.corrected_at or row.reported_at,
            reasons=answers.get(row.pk, [])
            + _reasons(row, is_known=row.organisation_key in standing)
            + reported.get(row.pk, []),
        )
        for row in rows
    ]


def _reasons(row: Signature, *, is_known: bool) -> list[str]:
    """Held reasons are written by us, not by people, so they are translated here."""
    reasons = []
    if row.held_at:
        held: str = row.held_for or ""  # type: ignore[attr-defined]
        reasons += [_(line) for line in held.splitlines() if line != SENTENCES["resembles"]]
        reasons = reasons or [_("Held for a moderator.")]
    if row.confirmed_at is None:
        reasons.append(_unconfirmed(row))
    if row.corrected_at:
        reasons.append(_("Its signer asks for another spelling; the old name stands until you decide."))
        reasons += [_(line) for line in _against_correction(row)]
    reasons += [
        _("The name resembles that of %(name)s. Make sure that it is not taken for it.")
        % {"name": f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}"}
        for name in _resembled(row)
    ]
    if is_known and row.held_at:
        reasons.append(_("An organisation of this name stands under the letter already."))
    return reasons


def _against_correction(row: Signature) -> list[str]:
    """Why a person's new name is not in place already, as far as it can still be told."""
    name = row.corrected_name
    if row.is_organisation() or not name:
        return []
    return suspecting.against_name(row, name, key=signing.name_index(name))


def _resembled(row: Signature) -> list[str]:
    """For which organisations it could be taken, as far as they are known by now."""
    name = row.corrected_name or row.organisation_name
    if not row.is_organisation() or not name:
        return []
    return lookalikes.of(name, key=row.organisation_key)


def _unconfirmed(row: Signature) -> str:
    if row.mailed_at:
        return _("Its owner has not confirmed it yet.")
    return _("No mail has left: if you approve, its owner is asked to confirm.")


def _with_why(rows: SignatureQuerySet) -> SignatureQuerySet:
    """The rows, each with the latest reason for which it was held."""
    holds = Decision.objects.filter(signature=OuterRef("pk"), verdict=Decision.Verdict.HOLD)
    latest = holds.order_by("-at", "-pk").values("reason")[:1]
    return rows.select_related("listing").annotate(held_for=Subquery(latest))


def _reports(rows: list[Signature]) -> dict[int, list[str]]:
    """What is said against each name, and how often."""
    made = Report.objects.filter(signature__in=[row.pk for row in rows if row.reported_at], closed_at=None)
    said: dict[int, list[str]] = defaultdict(list)
    counts = made.order_by("signature", "reason").values_list("signature", "reason").annotate(Count("pk"))
    for signature, reason, count in counts:
        sentence = ngettext(
            "Reported %(count)s time: “%(reason)s”.", "Reported %(count)s times: “%(reason)s”.", count
        )
        said[signature].append(sentence % {"count": count, "reason": Report.Reason(reason).label})
    return said


def _answers(rows: list[Signature]) -> dict[int, list[str]]:
    """What each signer was asked last, and what came of it."""
    ended = Question.objects.filter(signature__in=[row.pk for row in rows], ended_at__isnull=False)
    ended = ended.exclude(outcome__in=[Question.Outcome.TAKEN_BACK, Question.Outcome.SETTLED])
    return {
        question.signature_id: [_("Asked: “%(topic)s” %(outcome)s") % _in_words(question)]
        for question in ended.order_by("pk")
    }


def _in_words(question: Question) -> dict[str, str]:
    return {"topic": question.get_topic_display(), "outcome": question.get_outcome_display()}  # type: ignore[attr-defined]


def _standing_organisations(letter: Letter, rows: list[Signature]) -> set[str | None]:
    keys = [row.organisation_key for row in rows if row.organisation_key]
    return set(
        letter.signatures.standing()
        .filter(organisation_key__in=keys)
        .values_list("organisation_key", flat=True)
    )
