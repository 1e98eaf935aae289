"""Solves challenges as the page's worker does."""

import base64
import json
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from altcha import solve_challenge_v1
from django.utils import timezone

from letters.models import Letter
from scrutiny import challenging


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


def work_for(letter: Letter, *, typed_for: timedelta = timedelta(seconds=30)) -> str:
    """What a browser hands in whose owner has pressed the first key so long ago."""
    with patch("scrutiny.challenging.timezone") as clock:
        clock.now.return_value = timezone.now() - typed_for
        challenge = challenging.challenge(letter.slug, network=None)
    return solve(challenge)
