"""The environment in .venv/: exactly the locked packages, each checked against its hash."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bootstrap.places import PYTHON, ROOT, VENV, Stop

RUN = ["requirements.txt"]
DEVELOP = ["requirements.txt", "requirements-dev.txt"]

# What pip says when it reaches no index at all
UNREACHABLE = (
    "NewConnectionError", "Failed to establish a new connection", "ConnectTimeoutError", "ReadTimeoutError",
    "Temporary failure in name resolution", "Network is unreachable", "Cannot connect to proxy",
    "No matching distribution found", "Connection refused",
)  # fmt: skip


def ensure(locks: list[str]) -> None:
    """Have .venv/ hold what `locks` say. Does nothing when it already does.

    Raises Stop without a venv module, without a network, or when a package cannot be installed.
    """
    stamp = _stamp(locks)
    wanted = _fingerprint(locks)
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    print("Installing the packages into .venv/ (half a minute on a usual line) ...", flush=True)
    _create()
    _install(locks)
    stamp.write_text(wanted)
    # what develops also runs
    _stamp(RUN).write_text(_fingerprint(RUN))


def _stamp(locks: list[str]) -> Path:
    return VENV / f".installed-{Path(locks[-1]).stem}"


def _fingerprint(locks: list[str]) -> str:
    # a moved directory or another Python needs a new environment as much as a new lock does
    digest = hashlib.sha256(f"{VENV} {sys.version_info[:2]}".encode())
    for lock in locks:
        digest.update((ROOT / lock).read_bytes())
    return digest.hexdigest()


def _create() -> None:
    if any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise Stop(
            f"This Python {version} comes without its venv module. On Debian and Ubuntu install it with "
            f"'apt-get install python{version}-venv', then type the same command again."
        )
    if _works():
        return
    shutil.rmtree(VENV, ignore_errors=True)
    made = _quietly([sys.executable, "-m", "venv", str(VENV)])
    if made.returncode:
        raise Stop(f"The environment .venv/ could not be created:\n{made.stdout.strip()}")


def _works() -> bool:
    """Whether .venv/ has a pip that runs here: not so when the directory moved or its Python is gone."""
    pip = VENV / "bin" / "pip"
    if not PYTHON.exists() or not pip.exists() or str(VENV) not in pip.read_text(errors="replace")[:500]:
        return False
    same = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    return subprocess.run([str(PYTHON), "-c", same], check=False).returncode == 0


def _install(locks: list[str]) -> None:
    files = [part for lock in locks for part in ("-r", str(ROOT / lock))]
    if _by_uv(files):
        return
    result = _quietly([*_pip(), "--require-hashes", *files])
    if result.returncode == 0:
        return
    if any(sign in result.stdout for sign in UNREACHABLE):
        raise Stop(
            "The packages could not be fetched: there is no way from here to the Python package index. "
            "Check the network (or PIP_INDEX_URL, if you use a mirror), then type the same command again."
        )
    raise Stop(f"The packages could not be installed. pip says:\n{result.stdout.strip()}")


def _by_uv(files: list[str]) -> bool:
    """Try uv, itself from the lock, since it installs in a second what takes pip half a minute.

    Returns False where it could not (it reads none of pip's own settings, for one); pip is asked then.
    """
    lock = VENV / "uv.txt"
    lock.write_text(_lines_of("uv", (ROOT / "requirements-dev.txt").read_text()))
    if _quietly([*_pip(), "--require-hashes", "-r", str(lock)]).returncode:
        return False
    command = [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--system-certs", "--require-hashes"]
    environ = _uv_environ()
    return _quietly([*command, "--python", str(PYTHON), *files], environ).returncode == 0


def _uv_environ() -> dict[str, str]:
    """Where pip was told to look is where uv looks; its cache needs no home."""
    names = {
        "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
        "PIP_EXTRA_INDEX_URL": "UV_INDEX",
        "PIP_FIND_LINKS": "UV_FIND_LINKS",
    }
    told = {new: os.environ[old] for old, new in names.items() if os.environ.get(old)}
    if "HOME" not in os.environ:
        told["UV_NO_CACHE"] = "1"
    return told | {"UV_HTTP_TIMEOUT": "30", "UV_NO_CONFIG": "1"}


def _pip() -> list[str]:
    return [
        str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
        "--retries", "2", "--timeout", "30",
    ]  # fmt: skip


def _lines_of(package: str, lock: str) -> str:
    """The lines of one package in a lock file: its pin and its hashes."""
    kept, inside = [], False
    for line in lock.splitlines():
        if line and not line.startswith((" ", "#")):
            inside = line.startswith(f"{package}==")
        if inside:
            kept.append(line)
    return "\n".join(kept) + "\n"


def _quietly(command: list[str], environ: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run and keep what it says: nobody reads pip's chatter unless it failed."""
    return subprocess.run(
        command, env=os.environ | (environ or {}), cwd=ROOT, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def newer(sources: list[Path], target: Path) -> bool:
    """Whether `target` has to be made again from one of `sources`."""
    return not target.exists() or any(source.stat().st_mtime > target.stat().st_mtime for source in sources)
