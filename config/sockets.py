"""Where the embedded broker listens; settings ask, so it imports nothing but Python."""

import os
import stat
import tempfile
from pathlib import Path

# Linux takes 107 characters, macOS 103
LONGEST_SOCKET = 103
# a private directory is made there, if anywhere
USUAL_PLACES = ("/tmp", "/var/tmp")  # noqa: S108 # nosec B108


def socket_path(var: Path) -> Path:
    """Where the embedded broker listens: in `var`, or, where that is too deep, in a short private directory.

    The short directory is made once, for this user alone, and recorded in `var`: every command finds it.
    """
    here = var / "broker.sock"
    if len(os.fsencode(here)) <= LONGEST_SOCKET:
        return here
    record = var / "broker.path"
    directory = Path(record.read_text()) if record.exists() else None
    if directory is None or not _is_private(directory):
        # made for us alone, whoever else may write beside it
        directory = Path(tempfile.mkdtemp(prefix="undersigned-", dir=_short_place()))
        var.mkdir(mode=0o700, parents=True, exist_ok=True)
        record.write_text(str(directory))
    return directory / "broker.sock"


def _short_place() -> str:
    """Where temporary files belong (TMPDIR), unless that is too deep as well."""
    places = [tempfile.gettempdir(), *USUAL_PLACES]
    return next((place for place in places if _is_short(place) and os.access(place, os.W_OK)), places[0])


def _is_short(place: str) -> bool:
    return len(os.fsencode(Path(place) / "undersigned-12345678" / "broker.sock")) <= LONGEST_SOCKET


def _is_private(directory: Path) -> bool:
    """Anybody may make a directory there: trust only one that is ours and closed to others."""
    try:
        found = directory.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077
