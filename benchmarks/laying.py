"""What it costs to lay a dossier out as paper: processor time and memory, of all processes that take part.

`python -m benchmarks.laying NAMES` lays one out in a process of its own, which tells what it took.
"""

import hashlib
import json
import os
import resource
import subprocess
import sys
from statistics import median
from typing import Any, NamedTuple

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
import django

if __name__ == "__main__":
    django.setup()

from benchmarks import serving
from benchmarks.figures import Figure
from deliveries.dossiers import editions
from deliveries.papers import rendering

ROUNDS = 3
LATIN = ("Bela Horvát", "Ada Okoye", "Chidi Nwosu", "Jean-François Dupont", "Jürgen Müller-Lüdenscheidt")
ARABIC = ("فاطمه حسینی", "محمد یوسفزی", "غلام‌سخی نورزی", "زینب خان")
ROLE, PLACE = "Lecturer", "University of Peshawar"
BODY = "To the government,\n\n" + "\n\n".join(["We ask you to halt the expulsion. " * 12] * 8)


class Cost(NamedTuple):
    """Seconds of CPU; MB at their most: of the process that asks for a paper, and of the one that sets it."""

    cpu: float
    asking: float
    setting: float
    volumes: int
    size: int


def cost(*, few: int = 1000, many: int = 100_000) -> list[Figure]:
    """Papers with few names and with many."""
    short = [_lay_out(few) for _ in range(ROUNDS)]
    long = _lay_out(many)
    told = f"{long.volumes} volumes, {long.size / 1e6:.0f} MB"
    apart = f"{long.asking:.0f} MB for what asks, {long.setting:.0f} MB for what sets a volume"
    largest = max(long.asking, long.setting)
    quick = median(one.cpu for one in short)
    return [
        Figure(f"Paper of {few:,} names, CPU", quick, 0.5, f"{short[0].size / 1e6:.1f} MB", unit="s"),
        Figure(f"Paper of {many:,} names, CPU", long.cpu, 10 * many / 100_000, told, unit="s"),
        Figure(f"Paper of {many:,} names, the largest process", largest, 400, apart, unit="MB"),
    ]


def _lay_out(names: int) -> Cost:
    command = [sys.executable, "-m", "benchmarks.laying", str(names)]
    return Cost(
        *json.loads(subprocess.run(command, check=True, capture_output=True, cwd=serving.ROOT).stdout)
    )


def edition(names: int) -> editions.Edition:
    """An edition such as a letter in two scripts has it, a fiftieth of its signatories organisations."""
    organisations = names // 50 if names < 10_000 else 200
    head = {
        "letter": "clean-rivers",
        "version": 1,
        "size": names,
        "root": "c" * 64,
        "at": "",
        "signature": "",
    }
    return {
        "format": editions.FORMAT, "site": "https://letters.example", "letter": "clean-rivers", "version": 1,
        "risk": "ordinary", "text": "a" * 64, "taken_at": "2026-11-01T10:00:00Z", "original": "en",
        "texts": [{"language": "en", "title": "Clean Rivers", "summary": "", "body": BODY, "hash": "b" * 64}],
        "recipients": [], "authors": [{"name": "Rivers", "website": "https://rivers.example"}], "head": head,
        "roll": ["+" + hashlib.sha256(str(number).encode()).hexdigest() for number in range(names)],
        "edition": "sent", "unnamed": [], "left": [],
        "count": {"signatures": names, "persons": names - organisations, "organisations": organisations},
        "signatories": [_signatory(number, number < organisations) for number in range(names)],
        "seal": {},
    }  # fmt: skip


def _signatory(number: int, is_organisation: bool) -> dict[str, Any]:
    """A third of the names in Arabic script, half of them with role and affiliation."""
    known = ARABIC[number % 4] if number % 3 == 0 else LATIN[number % 5]
    name = f"Union {number}" if is_organisation else f"{known} {chr(97 + number % 26)}"
    has_role = number % 2 and not is_organisation
    return {
        "number": number + 1, "kind": "organisation" if is_organisation else "person", "name": name,
        "organisation": name if is_organisation else "", "role": ROLE if has_role else "",
        "affiliation": PLACE if has_role else "", "country": "PK",
    }  # fmt: skip


def _cpu() -> float:
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(one.ru_utime + one.ru_stime for one in map(resource.getrusage, whose))


def _tell(names: int) -> None:
    asked, before = edition(names), _cpu()
    papers = rendering.volumes(asked)
    spent = _cpu() - before
    asking, setting = (
        resource.getrusage(whose).ru_maxrss / 1000
        for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(json.dumps(Cost(spent, asking, setting, len(papers), sum(map(len, papers)))))


if __name__ == "__main__":
    _tell(int(sys.argv[1]))
