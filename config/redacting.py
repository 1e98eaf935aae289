"""What log lines and fault reports are spared: people, secrets, and the words of exceptions."""

import ipaddress
import re
import traceback
from typing import Any

LONGEST = 2000  # characters; whatever is longer is no sentence of ours
LONGEST_CHAIN = 10

HEADER = re.compile(
    r"\b((?:set-)?cookie|(?:proxy-)?authorization)\b(\s*[:=]\s*|['\"]\s*:\s*).*", re.IGNORECASE
)
COOKIE = re.compile(r"\b((?:__Host-)?(?:sid|csrf|sessionid|csrf_?token\w*))=[^\s;&,'\"]+", re.IGNORECASE)
# A secret stands behind one letter, or behind the word by which allauth leads to a new password
SECRET_LINK = re.compile(r"/(s|m|u|o|d|key)/[^/\s?#\"']+")
# Public id and mac wherever they stand, and any long run of letters and digits that no word has
TOKEN = re.compile(r"(?<![\w-])[\w-]{16}\.[\w-]{20,}|(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{32,}")
ADDRESS = re.compile(r"[^\s@<>\"'=(,;]{1,320}(?:@|%40)[^\s@<>\"'),;]{1,320}")
CODE = re.compile(r"(?<![\w-])(?=[A-Z2-9 -]*[A-Z])[A-HJ-NP-Z2-9]{4}[ -]?[A-HJ-NP-Z2-9]{4}(?![\w-])")
PEER = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)(?![\w])")


def redact(text: str) -> str:
    """The text without e-mail addresses, secret links, cookies, typed codes and IP addresses.

    It takes out what can be recognised wherever it comes from, our own code or a library. A name cannot be
    recognised: that none is logged is the affair of those who log.
    """
    text = HEADER.sub(r"\1: ...", text[:LONGEST])
    text = COOKIE.sub(r"\1=...", text)
    text = SECRET_LINK.sub(r"/\1/...", text)
    text = ADDRESS.sub("...@...", text)
    text = TOKEN.sub("...", text)
    text = CODE.sub("...", text)
    return PEER.sub(_unless_ours, text)


def _unless_ours(found: re.Match[str]) -> str:
    """An address of this machine stays, since it says where something listens; so do times such as 12:30."""
    text = found[0].rstrip(":.")
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return found[0]
    if address.is_loopback or address.is_unspecified:
        return found[0]
    return "..." + found[0][len(text) :]


def kind_of(error: BaseException) -> str:
    """The name of an exception's class, with the module it comes from."""
    return f"{type(error).__module__}.{type(error).__qualname__}"


def chain_of(error: BaseException | None) -> list[BaseException]:
    """The exception and those that led to it."""
    chain: list[BaseException] = []
    while error is not None and error not in chain and len(chain) < LONGEST_CHAIN:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain


def without_words(error: BaseException) -> list[dict[str, Any]]:
    """Kind and places of an exception and of those that led to it; never their words, which quote rows."""
    return [
        {
            "kind": kind_of(each),
            "places": [
                f"{place.filename}:{place.lineno} in {place.name}"
                for place in traceback.extract_tb(each.__traceback__)
            ],
        }
        for each in chain_of(error)
    ]
