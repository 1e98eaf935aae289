"""Whether an organisation's record stands in the DNS. The clock looks, never a request."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import trail
from accounts.models import User
from organisations import verifying
from organisations.models import Evidence, EvidenceQuerySet, Organisation, OrganisationQuerySet
from scrutiny import resolving
from vault.indexing import blind_index

AGAIN_AFTER = timedelta(days=1)
HOLDS = timedelta(days=7)  # so long a record is believed in that nobody could look for again
AT_ONCE = 20
PREFIX = "undersigned="

logger = logging.getLogger(__name__)

Answer = Organisation.Answer


class NoDomain(Exception):
    """Its website is at no domain that could prove anything."""


def place_of(domain: str) -> str:
    """The name under which the record is looked for."""
    return f"_undersigned.{domain}"


def record_of(organisation: Organisation, domain: str) -> str:
    """What the record has to say: words that fit this organisation and this domain alone."""
    return PREFIX + blind_index("dns", f"{organisation.public_id}|{domain}")[:40]


@transaction.atomic
def ask(organisation: Organisation, *, by: User) -> None:
    """Have the record looked for within seconds. Raises NoDomain."""
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not verifying.provable_domain(row):
        raise NoDomain(row)
    row.dns_asked_at = timezone.now()
    row.save(update_fields=["dns_asked_at"])
    trail.record("record of an organisation asked for", about=row, by=by)


def due(at: datetime) -> OrganisationQuerySet:
    """Whose record somebody wants looked for, or was not looked for again since yesterday."""
    proven = Evidence.objects.standing(at).filter(kind=Evidence.Kind.DNS).values("organisation")
    again = Q(pk__in=proven) & (Q(dns_checked_at=None) | Q(dns_checked_at__lte=at - AGAIN_AFTER))
    return Organisation.objects.filter(Q(dns_asked_at__isnull=False) | again)


def check_due() -> int:
    """Look for the records that are due, twenty at once. Returns how many."""
    rows = due(timezone.now()).order_by("dns_asked_at", "pk")[:AT_ONCE]
    return sum(1 for row in rows if check(row))


def check(organisation: Organisation) -> Answer:
    """Look for the record, and note what was seen: what is not there any more proves nothing from now on.

    A DNS that does not answer takes nothing away; what was seen holds for a week.
    """
    domain = verifying.provable_domain(organisation)
    answer = _look(organisation, domain) if domain else Answer.MISSING
    with transaction.atomic():
        row = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if verifying.provable_domain(row) != domain:
            return answer  # the website has moved meanwhile: what was seen is about another domain
        now = timezone.now()
        if answer == Answer.FOUND:
            verifying.note(row, Evidence.Kind.DNS, seen=place_of(domain), at=now, holds=HOLDS)
        elif answer != Answer.SILENT:
            row.evidence.filter(kind=Evidence.Kind.DNS, revoked_at=None).update(revoked_at=now)
        row.dns_asked_at, row.dns_checked_at, row.dns_answer = None, now, answer
        row.save(update_fields=["dns_asked_at", "dns_checked_at", "dns_answer"])
    logger.info("organisation %s: record %s", organisation.pk, answer.value)
    return answer


def unseen_since(moment: datetime) -> EvidenceQuerySet:
    """Standing evidence of a domain at which nobody has looked since that moment."""
    record = Q(kind=Evidence.Kind.DNS) & (
        Q(organisation__dns_checked_at=None) | Q(organisation__dns_checked_at__lt=moment)
    )
    mailbox = Q(kind=Evidence.Kind.MAILBOX, at__lt=moment)
    return Evidence.objects.standing().filter(record | mailbox)


def still_proves(organisation: Organisation, *, before: datetime) -> bool | None:
    """Look again at what was last seen `before`: False if some of it fell, None if the DNS does not answer.

    A mailbox proves nothing any more at a domain that takes no mail: it may have lapsed.
    """
    kinds = set(unseen_since(before).filter(organisation=organisation).values_list("kind", flat=True))
    answers: list[bool | None] = []
    if Evidence.Kind.DNS in kinds:
        answer = check(organisation)
        answers.append(None if answer == Answer.SILENT else answer == Answer.FOUND)
    if Evidence.Kind.MAILBOX in kinds:
        answers.append(_check_mailbox(organisation))
    if False in answers:
        return False
    return None if None in answers else True


def _check_mailbox(organisation: Organisation) -> bool | None:
    domain = verifying.provable_domain(organisation)
    takes_mail = resolving.takes_mail(domain) if domain else False
    if takes_mail is False:
        _revoke_mailbox(organisation, domain)
    return takes_mail


@transaction.atomic
def _revoke_mailbox(organisation: Organisation, domain: str) -> None:
    """Let its mailbox prove nothing any more, unless its website has moved from that domain meanwhile."""
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if verifying.provable_domain(row) == domain:
        mailboxes = row.evidence.filter(kind=Evidence.Kind.MAILBOX, revoked_at=None)
        mailboxes.update(revoked_at=timezone.now())
        logger.info("organisation %s: its domain takes no mail any more", row.pk)


def _look(organisation: Organisation, domain: str) -> Answer:
    try:
        texts = resolving.texts(place_of(domain))
    except resolving.Silent:
        return Answer.SILENT
    if record_of(organisation, domain) in [text.strip() for text in texts]:
        return Answer.FOUND
    return Answer.OTHER if texts else Answer.MISSING
