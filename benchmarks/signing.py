"""What a sign POST costs, compared with a bare view, and whether it takes longer for who has signed."""

import itertools
import socket
import time
from collections.abc import Iterator
from statistics import median

from django.utils import timezone

from benchmarks import driving, serving
from benchmarks.figures import Figure, rounds, spread
from letters.models import Letter
from outbox import claiming, draining
from outbox.models import Message
from scrutiny import challenging, gauging
from scrutiny.clues import Clues
from scrutiny.models import SpentChallenge
from signatories import signing
from signatories.models import Kind, Mailbox, Signature
from tests.solving import solve
from vault.indexing import address_index

EACH = 150  # requests a round
SOLVED = 100  # challenges
ADDRESSES = 200  # of each kind
WORK = "e" * 332  # of a solved challenge's length; nobody verifies it before the answer
_numbers = itertools.count()


def cost(server: serving.Server, letter: Letter, *, seconds: float) -> Figure:
    """The server's CPU for a sign POST as a multiple of a bare view's, median of interleaved rounds."""
    name, other = "Sign POST, CPU per request, to a bare view", f"/benchmarks/{letter.slug}/sign/"
    return _compared(name, server, letter, other, limit=2.0, seconds=seconds)


def layers(server: serving.Server, letter: Letter, *, seconds: float) -> Figure:
    """What looking at the request costs before the answer: the sign POST beside one that looks at nothing."""
    name = "Sign POST with all layers, CPU per request, to none"
    other = f"/benchmarks/{letter.slug}/sign-unseen/"
    return _compared(name, server, letter, other, limit=1.25, seconds=seconds)


def verifying(server: serving.Server, letter: Letter, *, seconds: float) -> Figure:
    """What the worker takes for believing one attempt's work, beside the sign POST that brought it."""
    path = f"/letters/{letter.slug}/sign/"
    _costs(server, path)
    works = [solve(challenging.challenge(letter.slug, network=None)) for _ in range(SOLVED)]
    shares, took, fresh = [], 0.0, itertools.count()
    for _ in rounds(seconds=seconds):
        posted = sum(_costs(server, path))
        SpentChallenge.objects.all().delete()
        began = time.process_time(), serving.own_database_cpu()
        for work in works:
            believed = challenging.verify(work, letter=letter.slug, at=timezone.now(), attempt=next(fresh))
            assert believed  # what is not costs less
        took = (time.process_time() - began[0] + serving.own_database_cpu() - began[1]) / SOLVED
        shares.append(took / posted)
    return Figure(
        "Believing a solved challenge, CPU, to the sign POST that brought it",
        median(shares),
        0.5,
        f"{took * 1e3:.2f} ms in the worker, PostgreSQL included",
    )


def scoring(server: serving.Server, letter: Letter, *, seconds: float) -> Figure:
    """What the worker takes to score an attempt, as it does it: batch by batch, from reading to writing.

    The attempts are ordinary: each from its own network, from an address as people choose them, with work
    done and browsers as they are usual. That the work is believed is part of it.
    """
    path = f"/letters/{letter.slug}/sign/"
    works = [solve(challenging.challenge(letter.slug, network=None)) for _ in range(EACH)]
    posted, took, asked = [], [], []
    for _ in rounds(seconds=seconds):
        posted.append(sum(_costs(server, path)))
        posts = _ordinary(letter, works)
        began = time.process_time(), serving.own_database_cpu()
        for start in range(0, EACH, claiming.BATCH):
            draining.prepare(posts[start : start + claiming.BATCH])
        took.append((time.process_time() - began[0]) / EACH)
        asked.append((serving.own_database_cpu() - began[1]) / EACH)
        last = Signature.objects.order_by("-pk")[:EACH]
        assert [(row.score, row.suspicions) for row in last] == [(0, [])] * EACH
    return Figure(
        "Scoring an attempt, CPU in the worker",
        median(took) * 1e3,
        1.0,
        f"{median(took) / median(posted):.2f} times the sign POST that brought it, in batches of"
        f" {claiming.BATCH} (PostgreSQL {median(asked) * 1e3:.2f} ms)",
        unit="ms",
    )


def _ordinary(letter: Letter, works: list[str]) -> list[Message]:
    """The messages of the last attempts, which are made to come from where and with what people come."""
    SpentChallenge.objects.all().delete()
    browsers = [name for name, in_100 in gauging.USUAL_SHARE.items() for _ in range(in_100)]
    rows = list(Signature.objects.filter(letter=letter).order_by("-pk")[:EACH])
    for row, work in zip(rows, works, strict=True):
        row.email = "ada.okoye@gmail.com"
        row.network = f"{next(_numbers):064x}"
        row.clues = Clues(agent=browsers[row.pk % len(browsers)], has_script=True, work=work).facts()
    Signature.objects.bulk_update(rows, ["email", "network", "clues"])
    posts = Message.objects.filter(kind="attempt", subject__in=[row.pk for row in rows])
    return list(posts.order_by("pk"))


def timing(server: serving.Server, letter: Letter, *, seconds: float) -> Figure:
    """How far apart in time the answers to six kinds of address are."""
    path = f"/letters/{letter.slug}/sign/"
    kinds = _kinds(letter)
    with socket.create_connection(("127.0.0.1", server.port)) as line:

        def take(kind: str, number: int) -> float:
            email = kinds[kind][number % ADDRESSES]
            asked = driving.post(path, answers() if kind == "new" else answers(email=email))
            return driving.ask(line, asked, status=303)

        name = "Sign POST, time by kind of address, slowest to quickest"
        return spread(name, 1.1, list(kinds), take, seconds=seconds)


def _kinds(letter: Letter) -> dict[str, list[str]]:
    """Addresses that are new, pending, confirmed, withdrawn, blocked by their owner, and disposable."""
    signed = Signature.objects.confirmed().filter(letter=letter, kind=Kind.PERSON, held_at=None)
    rows = list(signed.order_by("pk")[: 2 * ADDRESSES])
    for row in rows[:ADDRESSES]:
        signing.withdraw(row)
    pending, blocked = ([f"{kind}-{n}@okoye.example" for n in range(ADDRESSES)] for kind in ("ada", "bela"))
    for email in pending:
        signing.sign(letter, kind=Kind.PERSON, name="Ada Okoye", email=email, country="NG", language="en")
    Mailbox.objects.bulk_create(
        Mailbox(address=address_index(email), opted_out_at=timezone.now()) for email in blocked
    )
    return {
        "new": [""] * ADDRESSES,
        "pending": pending,
        "confirmed": [row.email or "" for row in rows[ADDRESSES:]],
        "withdrawn": [row.email or "" for row in rows[:ADDRESSES]],
        "blocked": blocked,
        "disposable": [f"ada-{number}@mailinator.com" for number in range(ADDRESSES)],
    }


def answers(**changes: str) -> dict[str, str]:
    """The form as a person fills it in, everybody with another address."""
    number = next(_numbers)
    return {
        "kind": "person",
        "name": f"Ada Okoye{'abcdefghij'[number % 10]}",
        "email": f"ada-{number}@okoye.example",
        "country": "NG",
        "role": "Teacher",
        "affiliation": "School by the River",
        "organisation": "",
        "website": "",
        "visibility": "public",
        "updates": "on",
        "consent": "on",
        "version": "1",
        "nickname": "",
        "js": "1",
        "work": WORK,
    } | changes


def _compared(
    name: str, server: serving.Server, letter: Letter, other: str, *, limit: float, seconds: float
) -> Figure:
    """The server's CPU for a sign POST as a multiple of another view's, median of interleaved rounds."""
    ours = f"/letters/{letter.slug}/sign/"
    for path in (ours, other):
        _costs(server, path)
    costs = [(_costs(server, ours), _costs(server, other)) for _ in rounds(seconds=seconds)]
    (our_cpu, our_database), (other_cpu, other_database) = (
        [median(column) for column in zip(*side, strict=True)] for side in zip(*costs, strict=True)
    )
    return Figure(
        name,
        median(our[0] / their[0] for our, their in costs),
        limit,
        f"{our_cpu * 1e3:.2f} to {other_cpu * 1e3:.2f} ms"
        f" (PostgreSQL {our_database * 1e3:.2f} to {other_database * 1e3:.2f} ms)",
    )


def _costs(server: serving.Server, path: str) -> tuple[float, float]:
    """The CPU seconds per request of the server and of its database."""
    before = server.cpu(), serving.database_cpu()
    driving.drive(server.port, _posts(path), status=303)
    after = server.cpu(), serving.database_cpu()
    return (after[0] - before[0]) / EACH, (after[1] - before[1]) / EACH


def _posts(path: str) -> Iterator[bytes]:
    return (driving.post(path, answers()) for _ in range(EACH))
