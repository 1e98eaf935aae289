"""`python -m benchmarks [--quick]`: every number the site holds, as a ratio in one run.

PostgreSQL and Redis are found or started as for the tests; TEST_DATABASE_URL and TEST_REDIS_URL name others.
"""

import argparse
import io
import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
import django
from django.core.management import call_command
from django.db import connection

from tests import environment

django.setup()

from benchmarks import (  # noqa: E402
    delivering,
    enrolling,
    entering,
    laying,
    listing,
    queueing,
    reading,
    searching,
    serving,
    signing,
    weighing,
)
from benchmarks.figures import Figure, table  # noqa: E402
from deliveries.demo import loading  # noqa: E402
from letters.models import Letter  # noqa: E402
from scrutiny import limits  # noqa: E402
from scrutiny.models import Limit  # noqa: E402

READ, ENROLLED = "halt-expulsion-of-afghans", "clean-rivers"
SIGNED_BEFORE = 3000
HIGHEST = 2**31 - 1


def main() -> int:
    """Measure, print the table; returns 1 if a limit is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("--quick", action="store_true", help="a fifth of the work, and noisier figures")
    quick = parser.parse_args().quick
    if connection.vendor != "postgresql":
        sys.exit("The benchmarks measure PostgreSQL: leave TEST_DATABASE_URL out, or name a postgres:// one.")
    # so that a run that is ended leaves neither server nor database
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    logging.disable(logging.INFO)
    began = time.monotonic()
    with serving.fresh_database():
        prepare()
        figures = list(measure(quick=quick))
    print(table(figures))
    print(f"\n{os.cpu_count()} cores, {time.monotonic() - began:.0f} seconds in all")
    return 0 if all(figure.holds for figure in figures) else 1


def prepare() -> None:
    """The demo letters, one of them signed by many, and limits as the desk may set them."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("seed", stdout=io.StringIO())
    unlimited = set(limits.DEFAULTS) - set(limits.SCORE)
    Limit.objects.bulk_create([Limit(name=name, value=HIGHEST) for name in unlimited])
    loading.load(Letter.objects.get(slug=READ), count=SIGNED_BEFORE)


def measure(*, quick: bool) -> Iterator[Figure]:
    part = 5 if quick else 1
    letter = Letter.objects.get(slug=READ)
    with serving.Server(Path(os.environ[environment.RUN])) as server:
        yield signing.cost(server, letter, seconds=30 / part)
        yield signing.layers(server, letter, seconds=30 / part)
        yield signing.verifying(server, letter, seconds=10 / part)
        yield signing.scoring(server, letter, seconds=10 / part)
        yield signing.timing(server, letter, seconds=30 / part)
        yield reading.throughput(server, letter, seconds=30 / part)
        yield weighing.first_visit(server, letter)
        yield weighing.first_visit(server, letter, prefix="/ur")
    yield entering.timing(seconds=30 / part)
    yield enrolling.cost(Letter.objects.get(slug=ENROLLED), count=100_000 // part)
    yield searching.cost(Letter.objects.get(slug=READ), many=1_000_000 // part)
    yield from listing.cost(Letter.objects.get(slug=READ), most=1_000_000 // part, sheet=200_000 // part)
    with serving.Server(Path(os.environ[environment.RUN])) as server:
        yield delivering.delay(server, Letter.objects.get(slug=READ))
    yield delivering.queueing()
    yield from laying.cost(many=100_000 // part)
    yield from queueing.cost(Letter.objects.get(slug=READ), many=100_000 // part)


if __name__ == "__main__":
    sys.exit(main())
