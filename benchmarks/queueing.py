"""What a page of the moderators' queue costs when very many wait, to what it costs when few do."""

import time
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from benchmarks.figures import Figure
from letters.models import Letter, Role
from tests import entering

FEW = 1000
ROUNDS = 9
MOST_QUERIES = 12


def cost(letter: Letter, *, many: int) -> list[Figure]:
    """The time of the first page with `many` held signatures to that with FEW, among all; its queries."""
    client = Client(headers={"host": "localhost"})
    moderator = User.objects.create_user("moderator@desk.example")
    Role.objects.create(letter=letter, user=moderator, kind=Role.Kind.MODERATOR)
    entering.enter(client, moderator)
    few, queries = _measure(client, letter, held=FEW)
    lot, _ = _measure(client, letter, held=many)
    return [
        Figure(
            f"Queue page, {many:,} held, to {FEW:,} held",
            lot / few,
            1.3,
            f"{lot * 1000:.0f} to {few * 1000:.0f} ms, among {letter.signatures.count():,} signatures",
        ),
        Figure("Queue page, queries", queries, MOST_QUERIES, "sessions and language among them", unit=""),
    ]


def _measure(client: Client, letter: Letter, *, held: int) -> tuple[float, int]:
    """The median time of the page and its queries, with so many that wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE signatories_signature SET held_at = now() - id * interval '1 ms' WHERE id IN ("
            "SELECT id FROM signatories_signature WHERE letter_id = %s AND rejected_at IS NULL LIMIT %s)",
            [letter.pk, held],
        )
        cursor.execute("VACUUM ANALYZE signatories_signature")
    path = f"/desk/letters/{letter.slug}/queue/"
    client.get(path)  # once a minute it also writes when the session was last seen
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    asked = len(queries)
    return median(_time(client, path) for _ in range(ROUNDS)), asked


def _time(client: Client, path: str) -> float:
    began = time.perf_counter()
    client.get(path)
    return time.perf_counter() - began
