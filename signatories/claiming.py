"""Who has which signature before their eyes, so that no two moderators decide on one unawares."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef
from django.utils import timezone

from accounts.models import User
from letters.models import Letter
from signatories.models import Claim, Signature
from signatories.models.signatures import SignatureQuerySet

CLAIMED_FOR = timedelta(minutes=5)  # since its moderator last did something


class ClaimedByAnother(Exception):
    """Another moderator has it before their eyes: `claim` says who, and until when."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(claim)
        self.claim = claim


@transaction.atomic
def claim(signatures: Collection[int], *, by: User, at: datetime | None = None) -> int:
    """Take those of the signatures that nobody else has, for five minutes. Returns how many one has then."""
    at, numbers = at or timezone.now(), sorted(signatures)
    known = Claim.objects.filter(signature__in=numbers)
    # locked in one order, so that no two wait for each other
    list(known.order_by("signature").select_for_update().values_list("pk", flat=True))
    known.filter(until__lte=at).delete()
    until = at + CLAIMED_FOR
    new = [Claim(signature_id=number, by=by, until=until) for number in numbers]
    Claim.objects.bulk_create(new, ignore_conflicts=True)
    return known.filter(by=by).update(until=until)


def renew(letter: Letter, *, by: User) -> None:
    """Who goes on deciding keeps what they have."""
    now = timezone.now()
    mine = Claim.objects.filter(signature__letter=letter, by=by, until__gt=now)
    mine.update(until=now + CLAIMED_FOR)


def guard(signature: Signature, *, by: User) -> None:
    """Let nobody decide on what another has before their eyes. Raises ClaimedByAnother."""
    others = Claim.objects.filter(signature=signature, until__gt=timezone.now()).exclude(by=by)
    if claim := others.select_related("by").first():
        raise ClaimedByAnother(claim)


def free(signatures: SignatureQuerySet, *, by: User) -> SignatureQuerySet:
    """Those that nobody else has before their eyes."""
    others = Claim.objects.filter(signature=OuterRef("pk"), until__gt=timezone.now()).exclude(by=by)
    return signatures.filter(~Exists(others))


def others(letter: Letter, *, but_for: User) -> list[dict[str, Any]]:
    """Who else has how many that wait under the letter, and until when."""
    theirs = Claim.objects.filter(
        until__gt=timezone.now(), signature__in=letter.signatures.waiting().order_by().values("pk")
    )
    rows = theirs.exclude(by=but_for).values("by__name", "by__email").order_by("by")
    return [
        {"who": row["by__name"] or row["by__email"], "count": row["count"], "until": row["until"]}
        for row in rows.annotate(count=Count("pk"), until=Max("until"))
    ]


def forget() -> None:
    """Delete claims that are over."""
    Claim.objects.filter(until__lte=timezone.now()).delete()
