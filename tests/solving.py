"""Solves challenges as the page's worker does."""

import base64
import json
from typing import Any

from altcha import solve_challenge_v1


def solve(challenge: dict[str, Any], /, **changes: Any) -> str:
    """What a browser hands in for a challenge; `changes` are what somebody has tampered with."""
    solution = solve_challenge_v1(
        challenge["challenge"], challenge["salt"], challenge["algorithm"], challenge["maxNumber"]
    )
    assert solution
    parts = {name: challenge[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return encode(parts | {"number": solution.number} | changes)


def encode(parts: Any) -> str:
    return base64.b64encode(json.dumps(parts).encode()).decode()
