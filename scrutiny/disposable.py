"""Addresses that are thrown away after a mail. They only score: people at risk have good reasons for some."""

from disposable_email_domains import blocklist

from scrutiny import domains

# They pass mail on to an address that lasts: SimpleLogin, addy.io, DuckDuckGo, iCloud and Firefox Relay
ALIAS_SERVICES = frozenset(
    {"simplelogin.com", "simplelogin.co", "simplelogin.fr", "slmail.me", "slmails.com", "silomails.com"}
    | {"aleeas.com", "8alias.com", "8shield.net", "dralias.com", "addy.io", "anonaddy.com", "anonaddy.me"}
    | {"duck.com", "privaterelay.appleid.com", "icloud.com", "mozmail.com", "relay.firefox.com"}
)


def is_disposable(email: str) -> bool:
    """Whether the address is at a domain of the pinned list, or below one, and at no alias service."""
    places = {email.rpartition("@")[2].casefold(), domains.registrable(email)}
    return not places & ALIAS_SERVICES and any(place in blocklist for place in places)
