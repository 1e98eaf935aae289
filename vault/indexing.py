"""Looking up what is sealed: keyed hashes that say "the same" and nothing else."""

import hashlib
import hmac

from django.conf import settings

DOTS_IGNORED = frozenset({"gmail.com", "googlemail.com"})
PLUS_TAGS = DOTS_IGNORED | {
    "outlook.com", "hotmail.com", "live.com", "icloud.com", "me.com", "fastmail.com", "proton.me",
    "protonmail.com", "pm.me", "yandex.com", "yandex.ru", "zoho.com", "hey.com", "mailbox.org",
}  # fmt: skip
SAME_DOMAIN = {"googlemail.com": "gmail.com", "protonmail.com": "proton.me", "pm.me": "proton.me"}


def blind_index(purpose: str, value: str) -> str:
    """HMAC-SHA256 of `value` for one purpose, in hex: equal values of one purpose are equal, no more."""
    return hmac.new(settings.INDEX_KEY, f"{purpose}|{value}".encode(), hashlib.sha256).hexdigest()


def canonical_email(email: str) -> str:
    """One spelling for all addresses that reach the same mailbox, where the provider says so."""
    local, _, domain = email.strip().casefold().rpartition("@")
    if domain in PLUS_TAGS:
        local = local.partition("+")[0]
    if domain in DOTS_IGNORED:
        local = local.replace(".", "")
    return f"{local}@{SAME_DOMAIN.get(domain, domain)}"


def address_index(email: str) -> str:
    """The blind index by which a mailbox is recognised."""
    return blind_index("address", canonical_email(email))
