import gzip

import pytest
from django.core.cache.backends.dummy import DummyCache
from django.http import HttpResponse

from letters import caching
from letters.caching import cached_page
from tests import cast

PAGE = "/letters/clean-rivers/"
TEXT = "نامه، one page for everybody"


@pytest.mark.django_db
def test_the_letter_page_is_compressed_for_who_takes_gzip_and_the_same_for_who_does_not(client):
    cast.clean_rivers()
    for _ in ("made", "kept"):
        compressed = client.get(PAGE, headers={"Accept-Encoding": "br, gzip"})
        plain = client.get(PAGE)
        assert compressed["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain
        assert gzip.decompress(compressed.content) == plain.content
        assert int(compressed["Content-Length"]) == len(compressed.content) < len(plain.content)
        assert "Accept-Encoding" in compressed["Vary"]
        assert compressed["Vary"] == plain["Vary"]


@pytest.mark.parametrize(
    "accepted, encoding",
    [
        ("gzip", "gzip"),
        ("deflate, GZIP;q=0.5", "gzip"),
        ("gzip;q=0", None),
        ("gzip; q=0.0, br", None),
        ("identity", None),
    ],
)
def test_gzip_is_sent_only_where_it_is_wanted(rf, accepted, encoding):
    page = cached_page()(lambda request: HttpResponse(TEXT))
    answer = page(rf.get(PAGE, headers={"Accept-Encoding": accepted}))
    assert answer.headers.get("Content-Encoding") == encoding
    body = gzip.decompress(answer.content) if encoding else answer.content
    assert body.decode() == TEXT


def test_a_page_is_made_once_whoever_takes_what(rf):
    made = []
    page = cached_page()(lambda request: HttpResponse(TEXT * len(made.append(1) or made)))
    for accepted in ("gzip", "", "gzip"):
        page(rf.get(PAGE, headers={"Accept-Encoding": accepted}))
    assert len(made) == 1


def test_only_pages_that_succeeded_are_kept(rf):
    statuses = iter([503, 404, 200])
    page = cached_page()(lambda request: HttpResponse(status=next(statuses)))
    assert [page(rf.get(PAGE)).status_code for _ in range(4)] == [503, 404, 200, 200]


def test_a_page_at_hand_goes_when_its_time_is_over(rf, monkeypatch):
    made, now = [], 1_000_000.0
    page = cached_page(seconds=5)(lambda request: HttpResponse(TEXT * len(made.append(1) or made)))
    monkeypatch.setattr(caching.time, "time", lambda: now)
    monkeypatch.setattr(caching, "cache", DummyCache("", {}))
    page(rf.get(PAGE))
    now += 4.9
    page(rf.get(PAGE))
    assert len(made) == 1
    now += 0.2
    page(rf.get(PAGE))
    assert len(made) == 2
    now -= 3600  # the clock is set back
    page(rf.get(PAGE))
    assert len(made) == 3


def test_search_words_do_not_fill_the_memory(rf):
    page = cached_page(query=["q"])(lambda request: HttpResponse(TEXT))
    for number in range(caching.MOST_AT_HAND + 5):
        page(rf.get(PAGE, {"q": f"word {number}"}))
    assert len(caching._at_hand) <= caching.MOST_AT_HAND
