"""Whose mail domain an address is at."""

from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

from scrutiny.models import MailDomain
from vault.indexing import blind_index

KEPT = timedelta(days=90)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@cache
def _suffixes_of_registries() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)


def registrable(email: str) -> str:
    """The domain that somebody registered: mail.example.co.uk is example.co.uk's (Public Suffix List).

    Who owns a domain owns all its subdomains, so limits that counted those apart would count nothing.
    """
    domain = email.rpartition("@")[2].casefold()
    return _suffixes().privatesuffix(domain) or domain


def of_website(address: str) -> str:
    """The domain that somebody registered for a website; empty if that proves nothing.

    IP addresses belong to no name, and under private suffixes (github.io) a company gives names to anybody.
    """
    host = (urlsplit(address).hostname or "").rstrip(".")
    domain = _suffixes().privatesuffix(host) or ""
    is_private = domain != (_suffixes_of_registries().privatesuffix(host) or "")
    return "" if is_private or host.rpartition(".")[2].isdigit() else domain


def index(domain: str) -> str:
    """The blind index by which a registrable domain is recognised."""
    return blind_index("domain", domain)


def first_seen(index: str, *, at: datetime) -> datetime:
    """When somebody first tried to sign from the mail domain; it is noted if that is now, `at`."""
    known, _ = MailDomain.objects.get_or_create(index=index, defaults={"first_seen_at": at})
    return known.first_seen_at


def forget(at: datetime) -> int:
    """Drop what was first seen long ago; it is new for a day when it comes again. Returns how many."""
    return MailDomain.objects.filter(first_seen_at__lte=at - KEPT).delete()[0]
