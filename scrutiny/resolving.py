"""Whether anybody can get mail at a domain, as the DNS says. The worker asks, never a request."""

import logging
import time

import dns.exception
import dns.nameserver
import dns.resolver
import dns.rrset
from django.conf import settings

from scrutiny import providers

LONGEST = 2.0  # seconds that one domain may take
KEPT = 3600.0
AFTER_SILENCE = 30.0  # a DNS that does not answer is left alone, so that no mail waits for it in a row
MOST_KEPT = 10_000
KNOWN_TO_ALL = "com"
NOT_ASKED = (".example",)  # RFC 2606: the demo's people live there

MOST_ALIASES = 3

logger = logging.getLogger(__name__)

_known: dict[str, tuple[float, bool]] = {}
_silent_until = float("-inf")


class Silent(Exception):
    """The DNS did not answer, or is not asked here: nothing is known."""


def takes_mail(domain: str) -> bool | None:
    """Whether the domain has an MX, or else an address (RFC 5321, 5.1); None if nobody can tell now.

    A null MX (RFC 7505) says no. It takes 2 seconds at most, and nothing where DNS is not asked. A DNS that
    knows no .com either is broken, and what it denies is not believed: or everybody would be held.
    """
    global _silent_until
    domain = domain.casefold().rstrip(".")
    if providers.is_provider(domain):
        return True
    if not settings.MAIL_DOMAINS_LOOKED_UP or f".{domain}".endswith(NOT_ASKED):
        return None
    now = time.monotonic()
    until, answer = _known.get(domain, (now, False))
    if until > now:
        return answer
    if now < _silent_until:
        return None
    try:
        answer = _ask(domain)
    except (dns.exception.Timeout, OSError):
        _silent_until = time.monotonic() + AFTER_SILENCE
        logger.warning("DNS is silent, domains are not looked up for %d seconds", AFTER_SILENCE)
        return None
    except dns.exception.DNSException:
        return None
    if len(_known) >= MOST_KEPT:
        _known.clear()
    _known[domain] = (now + KEPT, answer)
    return answer


def texts(name: str) -> list[str]:
    """The TXT records of a name, each in one piece; it takes 2 seconds at most. Raises Silent.

    A name may stand for another thrice (CNAME); what hides behind more is not looked at.
    """
    if not settings.MAIL_DOMAINS_LOOKED_UP or f".{name}".endswith(NOT_ASKED):
        raise Silent(name)
    try:
        answer = _resolver().resolve(name, "TXT", raise_on_no_answer=False, search=False, lifetime=LONGEST)
    except dns.resolver.NXDOMAIN:
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise Silent(name) from error
    if answer.rrset is None or len(answer.chaining_result.cnames) > MOST_ALIASES:
        return []
    return [b"".join(record.strings).decode(errors="replace") for record in answer.rrset]


def _ask(domain: str) -> bool:
    resolver, end = _resolver(), time.monotonic() + LONGEST

    def records(name: str, kind: str) -> dns.rrset.RRset | None:
        left = max(end - time.monotonic(), 0.1)
        return resolver.resolve(name, kind, raise_on_no_answer=False, search=False, lifetime=left).rrset

    try:
        if mail := records(domain, "MX"):
            return any(len(record.exchange.labels) > 1 for record in mail)
        return records(domain, "A") is not None or records(domain, "AAAA") is not None
    except dns.resolver.NXDOMAIN:
        records(KNOWN_TO_ALL, "NS")  # raises where that is denied, too
        return False


def _resolver() -> dns.resolver.Resolver:
    """The servers of the settings, or those of the machine."""
    if not settings.DNS_SERVERS:
        return dns.resolver.get_default_resolver()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [_server(place) for place in settings.DNS_SERVERS]
    return resolver


def _server(place: str) -> dns.nameserver.Do53Nameserver:
    """`192.0.2.1`, `192.0.2.1:5353` or an IPv6 address."""
    host, _, port = place.rpartition(":") if place.count(":") == 1 else (place, "", "53")
    return dns.nameserver.Do53Nameserver(host, int(port))
