"""Taking from signatures what is personal, so that what is left tells of nobody.

What is left of one that was confirmed: its letter and version, its kind and choice, what was agreed to, its
state, and the month of each step. From that it goes on counting, or not.
"""

import json
from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet
from django.db.models.functions import TruncMonth

from letters.publishing import canonical
from organisations.models import Organisation
from outbox.models import Message, State
from signatories import emails
from signatories.enrolled import tallying
from signatories.models import Decision, Question, Report, SecondLook, Signature, Visibility

MONTHS = (
    "created_at", "confirmed_at", "enrolled_at", "held_at", "reported_at", "rejected_at", "hidden_at",
    "withdrawn_at",
)  # fmt: skip
EMPTIED: dict[str, Any] = {
    **dict.fromkeys(Signature.PERSONAL),
    "updates": False,
    "corrected_at": None,
    "asked_at": None,
    "mailed_at": None,
    "code_mailed_at": None,
    "bounced_at": None,
    "scored_at": None,
    "score": None,
    "suspicions": [],
    "code_tries": 0,
    "corrections": 0,
    "country": "",
}
# What an attempt keeps for a while: when which mail left; by that its link says what became of it
MOMENTS_OF_ATTEMPTS = ("mailed_at", "code_mailed_at", "bounced_at", "scored_at")
# What others are compared with. Were it gone at once, who signed beside an attempt could tell from what
# happens to the next one that the owner of its address has acted.
MARKS = ("network", "domain", "name_key", "clues")
REASON_ERASED = "Erased together with what it was about."
ENDED = (State.SENT, State.VOID, State.DEAD, State.UNCERTAIN)


@transaction.atomic
def erase(signatures: Collection[int], *, at: datetime) -> None:
    """Erase what is personal of signatures that somebody has confirmed or decided on; their rows are locked.

    Roll, count and list stay as they are. With them go what moderators wrote about them, the days on which
    they decided and others reported, and the record of the mails they got.
    """
    rows = Signature.objects.filter(pk__in=signatures)
    countries = tallying.countries_of(signatures)
    _reduce_consents(rows)
    untie_organisations(rows)
    _close_reports(rows, at=at)
    rows.update(**EMPTIED, **_months(*MONTHS), erased_at=at)
    decisions = Decision.objects.filter(signature__in=signatures)
    decisions.update(**_months("at"), before=None)
    decisions.exclude(by=None).exclude(reason="").update(reason=REASON_ERASED)
    Report.objects.filter(signature__in=signatures).update(**_months("at", "closed_at"))
    Question.objects.filter(signature__in=signatures).delete()
    SecondLook.objects.filter(signature__in=signatures).delete()
    forget_messages(signatures)
    for letter, changes in sorted(countries.items()):
        tallying.add(letter, changes)


def empty(attempts: QuerySet[Signature], *, keeps: Collection[str] = (), **ended: Any) -> None:
    """Erase what is personal of attempts, whose rows the caller has locked, and write how they `ended`."""
    kept = {*MOMENTS_OF_ATTEMPTS, *keeps}
    emptied = {field: value for field, value in EMPTIED.items() if field not in kept}
    attempts.update(**emptied, **ended)


def _close_reports(rows: QuerySet[Signature], *, at: datetime) -> None:
    """Nobody can look into reports of names that no list shows any more."""
    unlisted = rows.filter(listing=None)
    Report.objects.filter(signature__in=unlisted, closed_at=None).update(closed_at=at)
    unlisted.update(reported_at=None)


def _months(*moments: str) -> dict[str, TruncMonth]:
    """What is left of moments: the month of each."""
    return {moment: TruncMonth(moment, tzinfo=UTC) for moment in moments}


def forget_messages(signatures: Collection[int]) -> None:
    """Delete the record of mails to the signatures' owners, which would tell the hour they signed."""
    Message.objects.filter(kind__in=emails.ABOUT_SIGNATURES, subject__in=signatures, state__in=ENDED).delete()


def _reduce_consents(rows: QuerySet[Signature]) -> None:
    """Keep what was agreed to; of the days only the month."""
    alike: dict[bytes, list[int]] = defaultdict(list)
    for pk, consent in rows.values_list("pk", "consent"):
        alike[canonical(consent or {})].append(pk)
    for consent, same in alike.items():
        Signature.objects.filter(pk__in=same).update(consent=_reduced(json.loads(consent)))


def _reduced(consent: dict[str, Any]) -> dict[str, Any]:
    reduced = {name: value[:7] if _is_day(name, value) else value for name, value in consent.items()}
    if "earlier" in consent:
        reduced["earlier"] = [_reduced(one) for one in consent["earlier"]]
    return reduced


def _is_day(name: str, value: Any) -> bool:
    return name.endswith("_on") and isinstance(value, str)


def untie_organisations(rows: QuerySet[Signature]) -> None:
    """Untie signatures from organisations whose name they do not show, and forget those nobody shows."""
    shown = Q(visibility=Visibility.PUBLIC, withdrawn_at=None, rejected_at=None)
    hidden = rows.exclude(shown).exclude(organisation=None)
    known = list(hidden.values_list("organisation", flat=True))
    hidden.update(organisation=None)
    forget_organisations(known)


def forget_organisations(known: Collection[int]) -> None:
    """Forget those of the organisations that no signature is tied to any more."""
    for organisation in Organisation.objects.filter(pk__in=known, signatures=None):
        try:
            with transaction.atomic():
                organisation.delete()
        except ProtectedError:
            continue  # it is known by more than its signatures
