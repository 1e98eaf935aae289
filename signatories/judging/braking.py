"""Slowing all mail, or some networks' and mail domains', when what comes back says that it does harm.

Only mail that anybody could have asked for is slowed: who has confirmed gets what follows at once, and so do
staff. Nothing is dropped: what waits leaves in order at a tenth of the pace.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from outbox import alerting
from outbox.models import Lane, Message, State
from scrutiny import limits, providers
from signatories.models import Brake, Mailbox, Signature

FEWEST = 50  # mails in a window, below which no rate tells anything
LAST = 200
MANY = 10  # of the last mails, for a network or mail domain to be a cause
BOUNCES_WITHIN, COMPLAINTS_WITHIN = timedelta(hours=1), timedelta(hours=24)
TIME_TO_CONFIRM, LOOKED_BACK = timedelta(hours=1), timedelta(hours=24)
LIFTED_FOR = timedelta(hours=6)
ASKED_FOR = ("attempt", "links")  # kinds of messages that anybody could have asked for

REASONS = {
    Brake.Cause.BOUNCES: gettext_noop(
        "Too much of our mail comes back. Mail to confirm waits and leaves at a tenth of the pace."
    ),
    Brake.Cause.COMPLAINTS: gettext_noop(
        "Too many complain about our mail. Mail to confirm waits and leaves at a tenth of the pace."
    ),
    Brake.Cause.UNCONFIRMED: gettext_noop(
        "Hardly anybody confirms: somebody may be using the form to flood mailboxes. Mail to confirm that is"
        " asked for from the networks and mail domains that cause it waits and leaves at a tenth of the pace."
    ),
}

logger = logging.getLogger(__name__)

About = tuple[str, str]  # the network and the mail domain of a brake, one of which is empty
ALL: About = ("", "")


@dataclass(frozen=True)
class Fate:
    """What became of one mail that asked for a confirmation."""

    network: str
    domain: str
    is_confirmed: bool


def holds_back(attempt: Signature) -> bool:
    """Whether mail about the attempt has to wait."""
    about = Q(network="", domain="")
    if attempt.network:
        about |= Q(network=attempt.network)
    if attempt.domain:
        about |= Q(domain=attempt.domain)
    return Brake.objects.in_force().filter(about).exists()


def look(*, at: datetime | None = None) -> None:
    """Put the brakes on or take them off, by what has come back lately. The clock asks every minute."""
    at = at or timezone.now()
    _settle(Brake.Cause.BOUNCES, {ALL} if too_many_bounces(at) else set(), at=at)
    _settle(Brake.Cause.COMPLAINTS, {ALL} if too_many_complaints(at) else set(), at=at)
    fates = last_fates(at)
    slow = hardly_confirmed(fates)
    _settle(Brake.Cause.UNCONFIRMED, causes(fates) if slow else set(), at=at, is_alarming=slow)


def lift(brake: Brake) -> None:
    """Let the mail leave for six hours, whatever comes back: somebody has looked."""
    Brake.objects.filter(pk=brake.pk).update(lifted_until=timezone.now() + LIFTED_FOR)
    _release()
    logger.warning("brake %s (%s) is lifted", brake.pk, brake.cause)


def too_many_bounces(at: datetime) -> bool:
    """Whether more of the last hour's mail came back, or was refused for good, than may."""
    bounced = Signature.objects.filter(bounced_at__gt=at - BOUNCES_WITHIN).count()
    mails = _left(at - BOUNCES_WITHIN) + bounced
    return mails >= FEWEST and bounced * 100 > limits.limit("bounces_in_100_mails") * mails


def too_many_complaints(at: datetime) -> bool:
    """Whether more of the last day's mail was complained about than may.

    That is known where providers report it (RFC 5965) and `record_complaints` reads their reports.
    """
    complained = Mailbox.objects.filter(complained_at__gt=at - COMPLAINTS_WITHIN).count()
    if not complained:
        return False
    sent = _left(at - COMPLAINTS_WITHIN)
    return sent >= FEWEST and complained * 1000 > limits.limit("complaints_in_1000_mails") * sent


def last_fates(at: datetime) -> list[Fate]:
    """What became of the last 200 mails to confirm that left between an hour and a day ago."""
    left = Message.objects.filter(
        state=State.SENT, kind="attempt", sent_at__gt=at - LOOKED_BACK, sent_at__lte=at - TIME_TO_CONFIRM
    )
    attempts = list(left.order_by("-sent_at").values_list("subject", flat=True)[:LAST])
    # of each attempt itself: whether its address has signed by another one is nobody's business
    rows = Signature.objects.filter(pk__in=attempts).only("network", "domain", "confirmed_at")
    return [Fate(row.network or "", row.domain or "", row.confirmed_at is not None) for row in rows]


def hardly_confirmed(fates: list[Fate]) -> bool:
    """Whether fewer are confirmed than may be; never before there are 200."""
    return len(fates) >= LAST and _is_bad(fates, limits.limit("confirmed_in_100_mails"))


def causes(fates: list[Fate]) -> set[About]:
    """The networks and mail domains whose mail is hardly ever confirmed.

    A large provider is named only where what the others have caused does not explain it.
    """
    least = limits.limit("confirmed_in_100_mails")
    found = {(network, "") for network in _bad(fates, lambda fate: fate.network, least)}
    domains = {("", domain) for domain in _bad(fates, lambda fate: fate.domain, least)}
    found |= {(network, domain) for network, domain in domains if not providers.is_provider_index(domain)}
    rest = [fate for fate in fates if (fate.network, "") not in found and ("", fate.domain) not in found]
    return found | domains if len(rest) >= MANY and _is_bad(rest, least) else found


def _bad(fates: list[Fate], key: Callable[[Fate], str], least: int) -> set[str]:
    groups = defaultdict(list)
    for fate in fates:
        groups[key(fate)].append(fate)
    return {name for name, group in groups.items() if name and len(group) >= MANY and _is_bad(group, least)}


def _is_bad(fates: list[Fate], least: int) -> bool:
    return sum(fate.is_confirmed for fate in fates) * 100 < least * len(fates)


def _left(since: datetime) -> int:
    return Message.objects.sent_since(since).filter(kind__in=ASKED_FOR).count()


@transaction.atomic
def _settle(cause: Brake.Cause, wanted: set[About], *, at: datetime, is_alarming: bool | None = None) -> None:
    """Have brakes for what is wanted and no others, and one alert while the cause lasts."""
    rows = {(row.network, row.domain): row for row in Brake.objects.filter(cause=cause)}
    over = [row.pk for about, row in rows.items() if about not in wanted]
    Brake.objects.bulk_create(
        (
            Brake(cause=cause, network=network, domain=domain, since=at)
            for network, domain in wanted - rows.keys()
        ),
        ignore_conflicts=True,
    )
    if over:
        Brake.objects.filter(pk__in=over).delete()
        _release()
    if wanted or is_alarming:
        alerting.raise_alert(f"brake: {cause.value}", reason=REASONS[cause])
    else:
        alerting.end(f"brake: {cause.value}")


def _release() -> None:
    """What was braked goes on in the slow lane; what still has to wait is found out when it is built."""
    Message.objects.in_lane(Lane.BRAKED).filter(state=State.READY).update(lane=Lane.SLOW)
