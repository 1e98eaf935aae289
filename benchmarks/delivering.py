"""What preparing a delivery costs those who sign meanwhile, and how soon one is queued for many offices.

`python -m benchmarks.delivering SLUG` freezes a letter in a process of its own, as the worker does.
"""

import json
import os
import resource
import socket
import subprocess
import sys
import time
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
    """How much later 95 of 100 answers to a sign POST come while a dossier of the letter is prepared."""
    path = f"/letters/{letter.slug}/sign/"
    with socket.create_connection(("127.0.0.1", server.port)) as line:

        def post() -> float:
            return driving.ask(line, driving.post(path, signing.answers()), status=303)

        for _ in range(WARM):
            post()
        command = [sys.executable, "-m", "benchmarks.delivering", letter.slug]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=serving.ROOT) as worker:
            assert worker.stdout is not None and worker.stdout.readline()  # it begins
            began, during = time.monotonic(), []
            while worker.poll() is None:
                during.append(post())
            told = json.loads(worker.stdout.read())
        took = time.monotonic() - began
        before = [post() for _ in during]
    late, usual = (quantiles(times, n=20)[-1] for times in (during, before))
    words = (
        f"{late * 1e3:.1f} to {usual * 1e3:.1f} ms in {len(during):,} answers; "
        f"{told['signatures']:,} signatures frozen in {took:.0f} s, {told['peak']:,.0f} MB"
    )
    return Figure(
        "Sign POST while a dossier is prepared, 95th percentile, to without", late / usual, 1.2, words
    )


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


if __name__ == "__main__":
    _prepare(sys.argv[1])
