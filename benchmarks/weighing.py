"""What a first visit to the letter page transfers."""

import gzip
import http.client
import re
from html.parser import HTMLParser
from urllib.parse import urljoin

from benchmarks import serving
from benchmarks.figures import Figure
from letters.models import Letter

LIMIT = 50.0  # kB of 1000 bytes
LOADED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest"}
SOURCES = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "poster",
    "form": "data-worker",
}
INSIDE_CSS = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")


def first_visit(server: serving.Server, letter: Letter, *, prefix: str = "") -> Figure:
    """The heads and bodies of the page and of everything it names, as browsers ask for them: with gzip.

    The page and its stylesheets are read for links, so files are counted that a browser might leave
    out: every font, whatever the text needs.
    """
    path = f"{prefix}/letters/{letter.slug}/"
    weights = _load(server, path, "gzip")
    plain = sum(_load(server, path, "identity").values())
    files = ", ".join(
        f"{name.rpartition('/')[2] or 'page'} {size / 1000:.1f}" for name, size in weights.items()
    )
    return Figure(
        f"Letter page{prefix}, transferred on a first visit",
        sum(weights.values()) / 1000,
        LIMIT,
        f"{len(weights)} requests: {files}; {plain / 1000:.1f} kB for who does not take gzip",
        unit="kB",
    )


def _load(server: serving.Server, path: str, encoding: str) -> dict[str, int]:
    """The bytes of every answer, by path."""
    weights: dict[str, int] = {}
    waiting = [path]
    while waiting:
        if (asked := waiting.pop()) in weights:
            continue
        size, kind, text = _fetch(server, asked, encoding)
        weights[asked] = size
        waiting += [urljoin(asked, link) for link in _links(kind, text) if not link.startswith("data:")]
    return weights


def _fetch(server: serving.Server, path: str, encoding: str) -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    try:
        connection.request("GET", path, headers={"Host": "localhost", "Accept-Encoding": encoding})
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise LookupError(f"the page names {path}, which answers {answer.status}")
    head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + len(
        "HTTP/1.1 200 OK\r\n\r\n"
    )
    plain = gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body
    kind = answer.headers.get_content_type()
    return head + len(body), kind, plain.decode() if kind.startswith("text/") else ""


def _links(kind: str, text: str) -> list[str]:
    if kind == "text/css":
        return [first or second for first, second in INSIDE_CSS.findall(text)]
    if kind != "text/html":
        return []
    page = _Page()
    page.feed(text)
    return page.loads


class _Page(HTMLParser):
    """Notes what a browser would load with the page."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "link" and LOADED_LINKS & set((named.get("rel") or "").split()):
            self.loads.append(named.get("href") or "")
        elif tag in SOURCES and named.get(SOURCES[tag]):
            self.loads.append(named[SOURCES[tag]] or "")
