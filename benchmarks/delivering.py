"""What preparing a delivery costs those who sign meanwhile, and how soon one is queued for many offices.

`python -m benchmarks.delivering SLUG` freezes a letter in a process of its own, as the worker does;
`python -m benchmarks.delivering --compute SECONDS` keeps a core as busy, and asks the database for nothing.
"""

import hashlib
import json
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median, quantiles

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
import django

if __name__ == "__main__":
    django.setup()

from accounts.models import User
from benchmarks import driving, serving, signing
from benchmarks.figures import Figure
from deliveries import releasing
from deliveries.dossiers import freezing
from letters import publishing
from letters.models import Author, Letter, Recipient, Translation, Version

WARM, OFFICES, ROUNDS = 200, 500, 3


def delay(server: serving.Server, letter: Letter) -> Figure:
    """How much later 95 of 100 answers to a sign POST come while a dossier of the letter is prepared.

    On few cores whatever computes delays them, so that is what it is compared to: a process that computes as
    long, and touches no database. What is left is what preparing holds and others wait for.
    """
    path = f"/letters/{letter.slug}/sign/"
    with socket.create_connection(("127.0.0.1", server.port)) as line:

        def post() -> float:
            return driving.ask(line, driving.post(path, signing.answers()), status=303)

        for _ in range(WARM):
            post()
        during, told = _meanwhile(post, letter.slug)
        half = str(sum(during) / 2)
        computing, _ = _meanwhile(post, "--compute", half)
        alone = [post() for _ in during]
        computing += _meanwhile(post, "--compute", half)[0]
    late, busy, usual = (quantiles(times, n=20)[-1] * 1e3 for times in (during, computing, alone))
    words = (
        f"{late:.1f} to {busy:.1f} ms in {len(during):,} answers, {usual:.1f} ms alone: {late / usual:.2f}x; "
        f"{told['signatures']:,} signatures frozen in {sum(during):.0f} s, {told['peak']:,.0f} MB"
    )
    return Figure(
        "Sign POST while a dossier is prepared, 95th percentile, to a busy core", late / busy, 1.2, words
    )


def _meanwhile(post: Callable[[], float], *what: str) -> tuple[list[float], dict[str, float]]:
    """How long each answer takes (seconds) while a process does that, and what it tells in the end."""
    command = [sys.executable, "-m", "benchmarks.delivering", *what]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=serving.ROOT) as worker:
        assert worker.stdout is not None and worker.stdout.readline()  # it begins
        took = []
        while worker.poll() is None:
            took.append(post())
        return took, json.loads(worker.stdout.read())


def queueing() -> Figure:
    """How long it takes from a second person's approval until deliveries to 500 offices are queued."""
    people = [User.objects.create_user(f"{name}@desk.example", name=name) for name in ("ada", "bela")]
    took = []
    for number in range(ROUNDS):
        letter = _to_many(f"to-many-{number}")
        offices = list(Recipient.objects.filter(version=letter.current_id))
        release = releasing.propose(letter, recipients=offices, by=people[0], in_office_hours=False)
        assert releasing.freeze(release)
        release = releasing.fresh(release)
        began = time.perf_counter()
        new = releasing.approve(release, manifest_hash=release.manifest_hash, by=people[1])
        took.append(time.perf_counter() - began)
        assert len(new) == OFFICES
    return Figure(
        f"Queueing deliveries to {OFFICES} offices", median(took), 1.0, f"{max(took):.2f} s at most", unit="s"
    )


def _to_many(slug: str) -> Letter:
    letter = Letter.objects.create(slug=slug, contact=f"hosts@{slug}.example")
    version = Version.objects.create(letter=letter)
    Translation.objects.create(
        version=version, language="en", title="To many", summary="To many.", body="Act."
    )
    Author.objects.create(letter=letter, name="Lantern Road Coalition")
    Recipient.objects.bulk_create(
        Recipient(version=version, order=n, office=f"Office {n}", address=f"office{n}@{slug}.example")
        for n in range(OFFICES)
    )
    publishing.publish(letter)
    return Letter.objects.select_related("current").get(slug=slug)


def _prepare(slug: str) -> None:
    letter = Letter.objects.select_related("current").get(slug=slug)
    print("begins", flush=True)
    dossier = freezing.freeze(letter)
    print(
        json.dumps(
            {
                "signatures": dossier.signatures,
                "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
            }
        ),
        flush=True,
    )


def _compute(seconds: float) -> None:
    """What preparing does with names, without a database: order them, write them, hash them."""
    names = [f"{number * 7919 % 100_003:06} of the signatories" for number in range(100_000)]
    print("begins", flush=True)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        hashlib.sha256(json.dumps(sorted(names, key=str.casefold)).encode()).hexdigest()
    print("{}", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--compute":
        _compute(float(sys.argv[2]))
    else:
        _prepare(sys.argv[1])
