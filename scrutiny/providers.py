"""The mail providers at which everybody may have an address: a crowd at one of them tells nothing."""

from functools import cache

from django.conf import settings

from scrutiny import domains

# By what is known of their size, those included that matter where our letters are signed; registrable domains
PROVIDERS = frozenset({
    # everywhere
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com",
    "ymail.com", "rocketmail.com", "aol.com", "icloud.com", "me.com", "mac.com", "mail.com", "gmx.com",
    "gmx.net", "proton.me", "protonmail.com", "pm.me", "tuta.com", "tutanota.com", "fastmail.com",
    "zoho.com", "riseup.net",
    # Europe
    "gmx.de", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "posteo.de", "mailbox.org",
    "yahoo.de", "yahoo.fr", "hotmail.fr", "orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "yahoo.co.uk",
    "hotmail.co.uk", "live.co.uk", "btinternet.com", "libero.it", "yahoo.it", "ziggo.nl", "telenet.be",
    "bluewin.ch", "wp.pl", "seznam.cz", "ukr.net", "mail.ru", "yandex.ru", "yandex.com",
    # Pakistan, Afghanistan and Iran, where most have one of the first group
    "yahoo.com.pk", "cyber.net.pk", "yahoo.co.in", "rediffmail.com", "chmail.ir", "mailfa.com",
})  # fmt: skip


def is_provider(domain: str) -> bool:
    """Whether a registrable domain, in clear, is one of the large providers."""
    return domain.casefold() in PROVIDERS


def is_provider_index(index: str) -> bool:
    """The same question of a domain that is known by its blind index only."""
    return index in _indexes(settings.INDEX_KEY)


@cache
def _indexes(index_key: bytes) -> frozenset[str]:
    """The blind indexes of all providers, worked out once under a key."""
    return frozenset(domains.index(domain) for domain in PROVIDERS)
