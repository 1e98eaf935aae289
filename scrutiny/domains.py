"""Whose mail domain an address is at."""

from functools import cache

from publicsuffixlist import PublicSuffixList

from vault.indexing import blind_index


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def registrable(email: str) -> str:
    """The domain that somebody registered: mail.example.co.uk is example.co.uk's (Public Suffix List).

    Who owns a domain owns all its subdomains, so limits that counted those apart would count nothing.
    """
    domain = email.rpartition("@")[2].casefold()
    return _suffixes().privatesuffix(domain) or domain


def index(domain: str) -> str:
    """The blind index by which a registrable domain is recognised."""
    return blind_index("domain", domain)
