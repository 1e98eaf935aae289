"""How fast the letter page leaves, compared with a page of the same size that is ready."""

import http.client
import itertools
from statistics import median

from benchmarks import driving, serving
from benchmarks.figures import Figure, rounds
from letters.models import Letter

EACH = 400  # requests a round


def throughput(server: serving.Server, letter: Letter, *, seconds: float) -> Figure:
    """Letter pages a second as a part of constant pages a second, median of interleaved rounds."""
    page = f"/letters/{letter.slug}/"
    size = _size(server, page)
    ready = f"/benchmarks/constant/{size}/"
    for path in (page, ready):
        _per_second(server, path)
    speeds = [(_per_second(server, page), _per_second(server, ready)) for _ in rounds(seconds=seconds)]
    ours, constant = (median(column) for column in zip(*speeds, strict=True))
    return Figure(
        "Letter page, warm, throughput, to a constant view",
        median(our / other for our, other in speeds),
        0.5,
        f"{ours:.0f} to {constant:.0f} pages of {size / 1000:.1f} kB a second",
        is_least=True,
    )


def _per_second(server: serving.Server, path: str) -> float:
    requests = itertools.repeat(driving.get(path, **{"Accept-Encoding": "gzip"}), EACH)
    return EACH / driving.drive(server.port, requests, status=200)


def _size(server: serving.Server, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", path, headers={"Host": "localhost", "Accept-Encoding": "gzip"})
    size = len(connection.getresponse().read())
    connection.close()
    return size
