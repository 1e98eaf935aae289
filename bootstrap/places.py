"""Where things lie, and the one way to stop with a sentence."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FIRST_ENV = VAR / "env"


class Stop(Exception):
    """Something a person has to mend first; its text is the sentence they read."""
