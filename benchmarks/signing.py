"""What a sign POST costs, compared with a bare view, and whether it takes longer for who has signed."""

import itertools
import socket
from collections.abc import Iterator
from statistics import median

from benchmarks import driving, serving
from benchmarks.figures import Figure, rounds
from letters.models import Letter
from signatories.models import Kind, Signature

EACH = 150  # requests a round
_numbers = itertools.count()


def cost(server: serving.Server, letter: Letter, *, seconds: float) -> Figure:
    """The server's CPU for a sign POST as a multiple of a bare view's, median of interleaved rounds."""
    ours, bare = f"/letters/{letter.slug}/sign/", f"/benchmarks/{letter.slug}/sign/"
    for path in (ours, bare):
        _costs(server, path)
    costs = [(_costs(server, ours), _costs(server, bare)) for _ in rounds(seconds=seconds)]
    (our_cpu, our_database), (bare_cpu, bare_database) = (
        [median(column) for column in zip(*side, strict=True)] for side in zip(*costs, strict=True)
    )
    return Figure(
        "Sign POST, CPU per request, to a bare view",
        median(our[0] / other[0] for our, other in costs),
        2.0,
        f"{our_cpu * 1e3:.2f} to {bare_cpu * 1e3:.2f} ms"
        f" (PostgreSQL {our_database * 1e3:.2f} to {bare_database * 1e3:.2f} ms)",
    )


def timing(server: serving.Server, letter: Letter, *, seconds: float) -> Figure:
    """How far apart the answers are in time for an address that has confirmed and for a new one."""
    confirmed = Signature.objects.confirmed().filter(letter=letter, kind=Kind.PERSON)
    path = f"/letters/{letter.slug}/sign/"
    known = [driving.post(path, answers(email=row.email or "")) for row in confirmed]
    times: dict[bool, list[float]] = {True: [], False: []}
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        for number, request in zip(rounds(seconds=seconds), known, strict=False):
            # each goes first as often as the other
            for is_known in (True, False) if number % 2 else (False, True):
                asked = request if is_known else driving.post(path, answers())
                times[is_known].append(driving.ask(line, asked, status=303))
    known_time, new_time = median(times[True]), median(times[False])
    return Figure(
        "Sign POST, time for a confirmed address, to a new one",
        max(known_time / new_time, new_time / known_time),
        1.1,
        f"{known_time * 1e3:.2f} to {new_time * 1e3:.2f} ms, {len(times[True])} pairs, larger of both ratios",
    )


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
    } | changes


def _costs(server: serving.Server, path: str) -> tuple[float, float]:
    """The CPU seconds per request of the server and of its database."""
    before = server.cpu(), serving.database_cpu()
    driving.drive(server.port, _posts(path), status=303)
    after = server.cpu(), serving.database_cpu()
    return (after[0] - before[0]) / EACH, (after[1] - before[1]) / EACH


def _posts(path: str) -> Iterator[bytes]:
    return (driving.post(path, answers()) for _ in range(EACH))
