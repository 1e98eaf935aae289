"""What is known that speaks for an organisation, and what its badge still needs, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from organisations import checking, verifying
from organisations.models import VOUCHERS_NEEDED, Evidence, Organisation

Kind = Evidence.Kind


@dataclass(frozen=True)
class Record:
    """What the organisation has to publish, and what the DNS said of it."""

    place: str
    text: str
    is_asked: bool
    answer: str
    checked_at: datetime | None


@dataclass(frozen=True)
class Rung:
    """One way to the badge: what is there of it, and what it would take."""

    kind: Kind
    title: str
    standing: list[Evidence]
    past: list[Evidence]
    needed: str


def rungs(organisation: Organisation) -> list[Rung]:
    """The four ways to the badge, in the order in which they are the least work."""
    noted = list(organisation.evidence.select_related("by", "voucher").prefetch_related("voucher__names"))
    domain = verifying.provable_domain(organisation)
    return [
        Rung(
            kind=kind,
            title=title,
            standing=[evidence for evidence in noted if evidence.kind == kind and evidence.is_standing()],
            past=[evidence for evidence in noted if evidence.kind == kind and not evidence.is_standing()],
            needed=needed,
        )
        for kind, title, needed in _ways(domain)
    ]


def record(organisation: Organisation) -> Record | None:
    """The record that would prove it; none where its website proves nothing."""
    domain = verifying.provable_domain(organisation)
    if not domain:
        return None
    return Record(
        place=checking.place_of(domain),
        text=checking.record_of(organisation, domain),
        is_asked=organisation.dns_asked_at is not None,
        answer=organisation.get_dns_answer_display() if organisation.dns_answer else "",
        checked_at=organisation.dns_checked_at,
    )


def _ways(domain: str) -> list[tuple[Kind, str, str]]:
    at = {"domain": f"\N{LEFT-TO-RIGHT ISOLATE}{domain}\N{POP DIRECTIONAL ISOLATE}"}
    mailbox = _("It signs with an address at %(domain)s, and a moderator approves that.") % at
    record = _("It publishes a TXT record under %(domain)s, which only its administrators can.") % at
    if not domain:
        mailbox = record = _("Its website is at no domain of its own, so this way is closed.")
    vouched = _("%(count)s organisations that are verified by themselves give their word for it.")
    called = _("A moderator calls it by a number found elsewhere than in its form, and notes what was said.")
    return [
        (Kind.MAILBOX, _("Mailbox at its website's domain"), mailbox),
        (Kind.DNS, _("Record in the DNS of that domain"), record),
        (Kind.VOUCHED, _("Word of two verified organisations"), vouched % {"count": VOUCHERS_NEEDED}),
        (Kind.CALL_BACK, _("Call-back"), called),
    ]
