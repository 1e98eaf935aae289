"""What is noted as evidence for an organisation, and what takes it away again."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.models import User
from organisations.models import Evidence, Organisation
from scrutiny import disposable, domains, providers

KEEPS = timedelta(days=365)
LONG_AGO = timedelta(days=90)  # what was said before that is asked for again

logger = logging.getLogger(__name__)


class NotProven(Exception):
    """Only the word of an organisation that is verified by itself carries another, so that no circle does."""


class Itself(Exception):
    """Nobody vouches for itself."""


def provable_domain(organisation: Organisation) -> str:
    """The domain of its website, if that can prove something: not where everybody gets an address."""
    domain = domains.of_website(organisation.website or "")
    at_it = f"post@{domain}"
    return "" if providers.is_provider(domain) or disposable.is_disposable(at_it) else domain


@transaction.atomic
def note_mailbox(organisation: Organisation, *, email: str, confirmed_at: datetime) -> bool:
    """Note that somebody who signs for it has a mailbox at the domain of its website. Returns whether so."""
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    domain = provable_domain(row)
    if not domain or domains.registrable(email) != domain:
        return False
    note(row, Evidence.Kind.MAILBOX, seen=domain, at=confirmed_at)
    return True


@transaction.atomic
def note_call(organisation: Organisation, *, said: str, by: User) -> Evidence:
    """Note that a moderator has called it, and what was said."""
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    evidence = note(row, Evidence.Kind.CALL_BACK, seen=said, at=timezone.now(), by=by)
    trail.record("call to an organisation noted", about=row, by=by, evidence=evidence.pk)
    return evidence


@transaction.atomic
def note_word(
    organisation: Organisation, *, voucher: Organisation, said: str, said_at: datetime, by: User
) -> Evidence:
    """Note that an organisation gives its word for this one: who of it said so, and when.

    Two that are verified by themselves carry the badge, for as long as both are.
    Raises NotProven, Itself.
    """
    if voucher.pk == organisation.pk:
        raise Itself(organisation)
    both = Organisation.objects.select_for_update().filter(pk__in=[organisation.pk, voucher.pk])
    rows = {row.pk: row for row in both.order_by("pk")}
    row = rows[organisation.pk]
    if not Organisation.objects.current().proven().filter(pk=voucher.pk).exists():
        raise NotProven(voucher)
    row.evidence.filter(voucher=voucher, revoked_at=None).update(revoked_at=timezone.now())
    evidence = row.evidence.create(
        kind=Evidence.Kind.VOUCHED,
        voucher=voucher,
        seen=said,
        at=said_at,
        by=by,
        expires_at=said_at + KEEPS,
    )
    remember_carried()
    trail.record("word for an organisation noted", about=row, by=by, evidence=evidence.pk, voucher=voucher.pk)
    return evidence


def remember_carried(*, at: datetime | None = None) -> int:
    """Write down which organisations have the badge by others' word alone. Returns how many are new."""
    at = at or timezone.now()
    proven = Organisation.objects.proven(at)
    carried = Organisation.objects.verified(at).exclude(pk__in=proven.values("pk")).filter(carried_at=None)
    return Organisation.objects.filter(pk__in=list(carried.values_list("pk", flat=True))).update(
        carried_at=at
    )


@transaction.atomic
def revoke(evidence: Evidence, *, by: User) -> None:
    """Let evidence speak for the organisation no more. Twice is as good as once."""
    standing = Evidence.objects.filter(pk=evidence.pk, revoked_at=None)
    if standing.update(revoked_at=timezone.now()):
        trail.record("evidence revoked", about=evidence.organisation, by=by, evidence=evidence.pk)


def note(
    organisation: Organisation,
    kind: Evidence.Kind,
    *,
    seen: str,
    at: datetime,
    by: User | None = None,
    holds: timedelta = KEEPS,
) -> Evidence:
    """Put evidence in the place of what stood of its kind; the caller has locked the row.

    What is seen again unchanged only holds longer.
    """
    same = organisation.evidence.standing(at).filter(kind=kind, voucher=None).first()
    if same and same.seen == seen and by is None:
        organisation.evidence.filter(pk=same.pk).update(expires_at=at + holds)
        return same
    organisation.evidence.filter(kind=kind, revoked_at=None).update(revoked_at=timezone.now())
    evidence = organisation.evidence.create(kind=kind, seen=seen, at=at, by=by, expires_at=at + holds)
    logger.info("organisation %s: evidence %s noted", organisation.pk, kind.value)
    return evidence
