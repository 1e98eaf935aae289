"""Which networks belong to hosters of servers, and which are ways out of Tor, as far as the operator says.

No list is fetched. A file holds a network or an address a line, `#` begins a comment; it is read once by each
process, so a new list is in force after a restart.
"""

import bisect
import ipaddress
import logging
from functools import lru_cache
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

HOSTING, TOR = "hosting", "tor"
Spans = tuple[list[int], list[int]]


def origin(ip: str) -> str:
    """`hosting`, `tor`, or nothing. The address itself is kept nowhere."""
    address = ipaddress.ip_address(ip)
    for kind, file in ((TOR, settings.TOR_NETWORKS), (HOSTING, settings.HOSTING_NETWORKS)):
        if file and _holds(_spans(file)[address.version], int(address)):
            return kind
    return ""


def _holds(spans: Spans, number: int) -> bool:
    firsts, lasts = spans
    place = bisect.bisect_right(firsts, number) - 1
    return place >= 0 and number <= lasts[place]


@lru_cache(maxsize=4)
def _spans(file: str) -> dict[int, Spans]:
    """The first and last addresses of the file's networks, in order, for IPv4 and IPv6.

    Of a file that cannot be read there are none: nobody is kept from signing by it.
    """
    try:
        lines = (line.partition("#")[0].strip() for line in Path(file).read_text().splitlines())
        networks = [ipaddress.ip_network(line, strict=False) for line in lines if line]
    except (OSError, ValueError) as error:
        logger.error("the list of networks %s cannot be read: %s", file, type(error).__name__)
        networks = []
    found: dict[int, Spans] = {}
    for version in (4, 6):
        own = ipaddress.collapse_addresses([n for n in networks if n.version == version])  # type: ignore[type-var]
        ordered = sorted((int(n.network_address), int(n.broadcast_address)) for n in own)
        found[version] = ([first for first, _ in ordered], [last for _, last in ordered])
    return found
