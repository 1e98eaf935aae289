"""Where the house's files are, and a copy of it to try things in."""

import shutil
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "vault", "accounts", "outbox", "letters", "scrutiny", "organisations", "logos", "signatories", "search",
    "invitations", "spaces", "merges", "invalidations", "updates", "deliveries", "answers", "exports",
)  # fmt: skip
NOT_OURS = {".git", ".venv", "var", "__pycache__", "node_modules", ".hypothesis"}


def files(*suffixes: str, under: tuple[str, ...] = (".",)) -> Iterator[Path]:
    """The project's own files with one of these endings."""
    for top in under:
        for path in sorted((ROOT / top).rglob("*")):
            inside = path.relative_to(ROOT).parts
            if (
                path.is_file()
                and path.suffix in suffixes
                and not NOT_OURS & set(inside)
                and not inside[0].endswith("_cache")
            ):
                yield path


def copy(directory: Path) -> Path:
    """A clone-like copy inside `directory`: without .venv/ and var/."""
    left_out = shutil.ignore_patterns(*NOT_OURS, ".*_cache", "*.mo")
    return Path(shutil.copytree(ROOT, directory / "undersigned", ignore=left_out))
