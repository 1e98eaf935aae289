"""Looking up what is sealed: keyed hashes that say "the same" and nothing else."""

import hashlib
import hmac

from django.conf import settings

# What providers themselves say of their addresses: other domains of the same mailbox, characters that do not
# matter, and from which character on the rest is a tag
SAME_DOMAIN = {
    "googlemail.com": "gmail.com", "me.com": "icloud.com", "mac.com": "icloud.com",
    "protonmail.com": "proton.me", "protonmail.ch": "proton.me", "pm.me": "proton.me",
    "yandex.com": "yandex.ru", "yandex.by": "yandex.ru", "yandex.kz": "yandex.ru", "ya.ru": "yandex.ru",
}  # fmt: skip
IGNORED = {"gmail.com": ".", "proton.me": ".-_"}
TAGGED = frozenset({
    "gmail.com", "icloud.com", "proton.me", "yandex.ru", "outlook.com", "outlook.fr", "outlook.de",
    "outlook.es", "hotmail.com", "hotmail.fr", "hotmail.de", "hotmail.it", "hotmail.es", "hotmail.co.uk",
    "live.com", "live.fr", "live.nl", "live.co.uk", "msn.com", "yahoo.com", "fastmail.com", "zoho.com",
    "hey.com", "mailbox.org", "mail.ru", "gmx.de", "gmx.net", "gmx.com", "web.de", "rediffmail.com",
    "tuta.com", "posteo.de", "riseup.net",
})  # fmt: skip
BY_SUBDOMAIN = ("fastmail.com",)  # anything@ada.fastmail.com is ada@fastmail.com's


def blind_index(purpose: str, value: str) -> str:
    """HMAC-SHA256 of `value` for one purpose, in hex: equal values of one purpose are equal, no more."""
    return hmac.new(settings.INDEX_KEY, f"{purpose}|{value}".encode(), hashlib.sha256).hexdigest()


def canonical_email(email: str) -> str:
    """One spelling for all addresses that reach the same mailbox, where the provider says so."""
    local, _, domain = email.strip().casefold().rpartition("@")
    for provider in BY_SUBDOMAIN:
        if domain.endswith(f".{provider}"):
            local, domain = domain.removesuffix(f".{provider}").rpartition(".")[2], provider
    domain = SAME_DOMAIN.get(domain, domain)
    if domain in TAGGED:
        local = local.partition("+")[0]
    for character in IGNORED.get(domain, ""):
        local = local.replace(character, "")
    return f"{local}@{domain}"


def address_index(email: str) -> str:
    """The blind index by which a mailbox is recognised."""
    return blind_index("address", canonical_email(email))
