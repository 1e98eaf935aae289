"""EMAIL_URL: by which way mail leaves."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
CONNECT_SECONDS = 30.0
DATA_SECONDS = 600.0  # RFC 5321 4.5.3.2.6: a server may take ten minutes to answer the final dot


@dataclass(frozen=True)
class Route:
    """EMAIL_URL, taken apart."""

    scheme: str
    host: str = ""
    port: int = 0
    username: str = ""
    password: str = ""
    directory: Path = Path()
    ca: str | None = None
    connect_seconds: float = CONNECT_SECONDS
    data_seconds: float = DATA_SECONDS

    @property
    def channel(self) -> str:
        return "box" if self.scheme == "box" else "smtp"


def route(url: str | None = None) -> Route:
    """Read EMAIL_URL: `box://DIR`, or `smtp://`, `smtp+tls://` (STARTTLS) or `smtp+ssl://` with
    `user:password@host:port`, and after `?` `ca=FILE`, `timeout=` and `data_timeout=` in seconds.

    Raises ImproperlyConfigured with a sentence that names the variable.
    """
    parts = urlsplit(url or settings.EMAIL_URL)
    if parts.scheme == "box" and (parts.netloc or parts.path):
        return Route("box", directory=Path(parts.netloc + parts.path))
    try:
        found = _smtp_route(parts)
    except ValueError:
        raise ImproperlyConfigured(
            "EMAIL_URL must read smtp+tls://user:password@host:587, smtp+ssl://…, smtp://… or box://DIR."
        ) from None
    if found.scheme == "smtp" and found.username and found.host not in LOOPBACK:
        raise ImproperlyConfigured(
            "EMAIL_URL would send a password in clear: use smtp+tls:// or smtp+ssl://."
        )
    return found


def _smtp_route(parts: SplitResult) -> Route:
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(parts.scheme)
    options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    return Route(
        parts.scheme,
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        ca=options.get("ca"),
        connect_seconds=float(options.get("timeout", CONNECT_SECONDS)),
        data_seconds=float(options.get("data_timeout", DATA_SECONDS)),
    )
