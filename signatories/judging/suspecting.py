"""What looks like no person's signature waits for one: held, never refused, never deleted.

An attempt is scored when its mail is built, after its sender was answered, and again when it is confirmed
late. What was found once stays found: who waits until clues are forgotten gains nothing.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_noop

from scrutiny import at_hand, gauging, limits, reasons, resembling
from scrutiny.gauging import Facts, Suspicion
from signatories.judging import comparing, lookalikes
from signatories.models import Decision, Signature

BATCH = 1000
LATE = timedelta(hours=24)
LONGEST = 3.0  # seconds for scoring attempts together

UNSEEN = "corrections_unseen"
NOTHING_CARRIES = gettext_noop(
    "Two other organisations gave their word for this one. One of them has taken it back, said it too "
    "long ago, or is not verified itself any more."
)
ORGANISATION_WAITS = gettext_noop("Organisations are checked by a person before they are shown.")
SCORED = ("score", "suspicions", "scored_at")

Verdict = Decision.Verdict
logger = logging.getLogger(__name__)


def lets_mail_leave(attempt: Signature) -> bool:
    """Score an attempt when its mail is built, once. Returns whether the mail may leave.

    It may not where the score is so high that a person looks first.
    """
    if attempt.scored_at is None:
        score([attempt])
    return attempt.held_at is None


def score(attempts: Sequence[Signature]) -> None:
    """Score attempts that no score was given yet, and hold those that a person sees before any mail.

    Where the DNS is slow the later ones may be left without, so that nobody's mail waits for them.
    """
    scored, end = [], time.monotonic() + LONGEST
    known = comparing.facts(attempts, most=_limits(), asks_dns=True)
    for attempt, facts in zip(attempts, known, strict=True):
        _score(attempt, facts)
        scored.append(attempt)
        if time.monotonic() > end:
            break
    with transaction.atomic(savepoint=False):
        _write_scores(scored)
        for attempt in scored:
            found = suspicions(attempt)
            if gauging.needs_a_person_before_mail(found, _limits()):
                hold([attempt], reason=_in_words(found))
                attempt.held_at = timezone.now()


def reason_to_wait(signature: Signature, *, is_by_hand: bool) -> str:
    """Why a signature whose owner confirms it now waits for a person; empty if nothing speaks against it.

    Every organisation does. Sets the score, which the caller saves. What a moderator has seen and let go is
    no reason again. `is_by_hand`: whether the request looks like a click.
    """
    seen = {suspicion.code for suspicion in suspicions(signature)} if _was_let_go(signature) else set()
    at = timezone.now()
    if signature.scored_at is None or at - signature.created_at >= LATE:
        (facts,) = comparing.facts([signature], most=_limits(), asks_dns=False)
        _score(signature, facts)
    if not comparing.is_at_home(signature) and (not is_by_hand or _is_instant(signature, at)):
        _add(signature, gauging.gauge(Facts(is_hasty=True), _limits()))
    fresh = [suspicion for suspicion in suspicions(signature) if suspicion.code not in seen]
    if signature.is_organisation():
        return "\n".join([ORGANISATION_WAITS, *_resembles(signature), *filter(None, [_in_words(fresh)])])
    return _in_words(fresh) if gauging.needs_a_person(fresh, _limits()) else ""


def against_name(signature: Signature, name: str, *, key: str) -> list[str]:
    """Why a person's corrected name waits for a moderator: sentences, none if nothing speaks against it.

    `key` is the blind index of the name. What was let go before is no excuse: it was of another name.
    """
    facts = comparing.facts_of_name(signature, name=name, key=key, most=_limits())
    codes = [suspicion.code for suspicion in gauging.gauge(facts, _limits())]
    if resembling.is_another(signature.name or "", name):
        codes.append("another_name")
    if signature.corrections >= limits.limit(UNSEEN):
        codes.append("renamed_often")
    return [reasons.SENTENCES[code] for code in codes]


def suspicions(signature: Signature) -> list[Suspicion]:
    """What was found when the signature was scored."""
    return [Suspicion(row["code"], row["points"]) for row in signature.suspicions]


def hold(signatures: Iterable[Signature], *, reason: str) -> int:
    """Put signatures before a moderator, who sees the `reason`; confirmed or not, they count no more.

    `reason` is an English sentence marked for translation; several stand on lines of their own. A signature
    is held for a reason once: what a moderator has let go is not held for the same again. What is
    rejected, withdrawn or erased stays as it is. Returns how many are held now and were not.
    """
    numbers = [signature.pk for signature in signatures]
    held = sum(
        _hold(numbers[start : start + BATCH], reason=reason) for start in range(0, len(numbers), BATCH)
    )
    if held:
        logger.info("%s signatures held", held)
    return held


@transaction.atomic
def _hold(numbers: list[int], *, reason: str) -> int:
    rows = (
        Signature.objects.select_for_update()
        .filter(pk__in=numbers, held_at=None, rejected_at=None, withdrawn_at=None)
        .filter(deleted_at=None, erased_at=None)
    )
    same = Decision.objects.filter(signature=OuterRef("pk"), verdict=Verdict.HOLD, reason=reason)
    locked = list(rows.exclude(Exists(same)).order_by("pk").values_list("pk", flat=True))
    now = timezone.now()
    Signature.objects.filter(pk__in=locked).update(held_at=now, unsettled_at=now)
    Decision.objects.bulk_create(
        Decision(signature_id=number, verdict=Verdict.HOLD, at=now, reason=reason) for number in locked
    )
    return len(locked)


@at_hand.kept(seconds=60)
def _limits() -> dict[str, int]:
    return limits.limits(*limits.SCORE)


def _in_words(found: list[Suspicion]) -> str:
    return reasons.sentences([suspicion.code for suspicion in found])


def _was_let_go(signature: Signature) -> bool:
    """Whether a moderator has seen what was found and let it pass."""
    if not signature.suspicions:
        return False
    return signature.decisions.filter(verdict__in=[Verdict.APPROVE, Verdict.REINSTATE]).exists()


def _resembles(signature: Signature) -> list[str]:
    """That it could be taken for another organisation; for which is told to moderators only (queue)."""
    alike = lookalikes.of(signature.organisation_name or "", key=signature.organisation_key)
    return [reasons.SENTENCES["resembles"]] if alike else []


def _is_instant(signature: Signature, at: datetime) -> bool:
    soonest = timedelta(seconds=_limits()["seconds_between_mail_and_confirming"])
    return signature.mailed_at is not None and at - signature.mailed_at < soonest


def _score(signature: Signature, facts: Facts) -> None:
    _add(signature, gauging.gauge(facts, _limits()))
    signature.scored_at = timezone.now()


def _add(signature: Signature, found: list[Suspicion]) -> None:
    """Put what is found now beside what was found before."""
    merged = {suspicion.code: suspicion for suspicion in [*suspicions(signature), *found]}
    signature.suspicions = [suspicion.row() for suspicion in merged.values()]
    signature.score = gauging.total(list(merged.values()), _limits())


def _write_scores(attempts: Iterable[Signature]) -> None:
    """One UPDATE for all of whom the same was found, which of most is nothing."""
    alike = defaultdict(list)
    for attempt in attempts:
        alike[tuple(suspicions(attempt))].append(attempt)
    numbers = [attempt.pk for group in alike.values() for attempt in group]
    kept = Signature.objects.filter(pk__in=numbers, scored_at=None, deleted_at=None, erased_at=None)
    # locked in the order in which all others lock them, so that nobody waits for the other
    locked = set(kept.select_for_update().order_by("pk").values_list("pk", flat=True))
    for group in alike.values():
        rows = Signature.objects.filter(pk__in=locked.intersection(attempt.pk for attempt in group))
        rows.update(**{field: getattr(group[0], field) for field in SCORED})
