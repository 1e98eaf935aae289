"""A copy of the house to try things in, as a clone would be: without .venv/ and var/."""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis", "*.mo", "node_modules"
)


def copy(directory: Path) -> Path:
    """A clone-like copy inside `directory`."""
    return Path(shutil.copytree(ROOT, directory / "undersigned", ignore=LEFT_OUT))
