"""What a request shows about who sends it: enough to tell a crowd of machines, too little to know anybody."""

import re
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from scrutiny import hosting, networks
from vault import browsers
from vault.loopback import is_loopback
from vault.peers import client_ip

LONGEST_WORK = 2000  # characters
BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")


@dataclass(frozen=True, kw_only=True)
class Clues:
    """What is kept of a request until its attempt is settled, a day at most.

    `network` is the day's mark of where it came from (None: it could not be told), `agent` a family of
    browsers and never a version, `work` the solved challenge as it was sent, `origin` whether the network is
    known for servers or Tor. With DEBUG, who is `is_at_home` sits at the developer's own machine: everybody
    comes from there, with one tool and in a hurry, so that tells nothing.
    """

    network: str | None = None
    agent: str = browsers.NONE
    has_languages: bool = True
    has_script: bool = False
    work: str = ""
    is_trapped: bool = False
    origin: str = ""
    is_at_home: bool = False

    def facts(self) -> dict[str, Any]:
        """All but the network, which has a column of its own, as the attempt's row keeps it."""
        return {name: value for name, value in asdict(self).items() if name != "network"}


def gather(request: HttpRequest, *, is_trapped: bool) -> Clues:
    """What a sign POST shows. It asks no database; the fields `js` and `work` are filled in by a script."""
    ip, is_at_home = client_ip(request), settings.DEBUG and is_loopback(request)
    return Clues(
        network=None if is_at_home else networks.mark(ip),
        origin=hosting.origin(ip),
        agent=browsers.family(request.headers.get("User-Agent", "")),
        has_languages=bool(request.headers.get("Accept-Language")),
        has_script=request.POST.get("js") == "1",
        work=plain(request.POST.get("work", "")),
        is_trapped=is_trapped,
        is_at_home=is_at_home,
    )


def plain(work: str) -> str:
    """The work if our script can have made it (base64), else nothing: no database keeps every character."""
    return work if len(work) <= LONGEST_WORK and BASE64.fullmatch(work) else ""


def is_by_hand(request: HttpRequest) -> bool:
    """Whether a POST may come from a click: a browser that tells where requests come from tells that, too."""
    if any(name in request.headers for name in ("Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest")):
        return request.headers.get("Sec-Fetch-User") == "?1"
    return True
