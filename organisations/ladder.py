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
    is_met: bool
    idle: set[int]  # words of organisations that are not verified by themselves (any more)


def rungs(organisation: Organisation) -> list[Rung]:
    """The four ways to the badge, in the order in which they are the least work."""
    noted = list(organisation.evidence.select_related("by", "voucher").prefetch_related("voucher__names"))
    domain = verifying.provable_domain(organisation)
    vouchers = [evidence.voucher_id for evidence in noted if evidence.voucher_id]
    proven = set(Organisation.objects.proven().filter(pk__in=vouchers).values_list("pk", flat=True))
    return [_rung(noted, proven, *way) for way in _ways(domain)]


def _rung(noted: list[Evidence], proven: set[int], kind: Kind, title: str, needed: str) -> Rung:
    mine = [evidence for evidence in noted if evidence.kind == kind]
    standing = [evidence for evidence in mine if evidence.is_standing()]
    idle = {row.pk for row in standing if row.voucher_id and row.voucher_id not in proven}
    enough = VOUCHERS_NEEDED if kind == Kind.VOUCHED else 1
    return Rung(
        kind=kind,
        title=title,
        standing=standing,
        past=[evidence for evidence in mine if not evidence.is_standing()],
        needed=needed,
        is_met=len(standing) - len(idle) >= enough,
        idle=idle,
    )


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
