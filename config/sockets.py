"""Where the embedded broker listens; settings ask, so it imports nothing but Python."""

import os
import stat
import tempfile
from pathlib import Path

# Linux takes 107 characters, macOS 103
LONGEST_SOCKET = 103


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
    place = tempfile.gettempdir()
    longest = Path(place) / "undersigned-12345678" / "broker.sock"
    return place if len(os.fsencode(longest)) <= LONGEST_SOCKET else "/tmp"  # noqa: S108 # nosec B108


def _is_private(directory: Path) -> bool:
    """Anybody may make a directory there: trust only one that is ours and closed to others."""
    try:
        found = directory.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077
