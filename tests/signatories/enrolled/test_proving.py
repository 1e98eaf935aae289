import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from letters.models import Version
from signatories.enrolled import proving, roll
from signatories.models import Entry, TreeHead
from tests import cast, servers
from tests.signatories.enrolled.test_roll import whole_proof

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(monkeypatch):
    """A roll of 70 lines, some of which left, in blocks of eight."""
    monkeypatch.setattr(proving, "BLOCK", 8)
    letter = cast.clean_rivers()
    version, signature = letter.current, cast.ada(letter)
    entries = [
        Entry(version=version, index=index, leaf=f"{index:064x}", signature=signature, left_by=index + 60)
        for index in range(60)
    ]
    entries += [Entry(version=version, index=index, leaves=index - 60) for index in range(60, 70)]
    Entry.objects.bulk_create(entries)
    return version


@pytest.mark.parametrize("size", [1, 7, 8, 9, 16, 17, 31, 32, 63, 64, 65, 70])
def test_it_is_the_proof_of_the_whole_roll(version, size):
    lines = [entry.line for entry in version.entries.order_by("index")[:size]]
    for index in range(size):
        path = proving.proof(version, index=index, size=size)
        assert path == whole_proof(lines, index)
        assert roll.proves(lines[index], index=index, size=size, path=path, root=roll.root(lines))


def test_once_the_blocks_are_known_it_reads_two_of_them(version):
    proving.proof(version, index=3, size=70)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        proving.proof(Version.objects.get(pk=version.pk), index=20, size=70)
    assert len(asked) == 3  # the version, the line's block, and the last


def test_what_is_kept_of_another_roll_is_worked_out_again(version):
    lines = [entry.line for entry in version.entries.order_by("index")]
    head = TreeHead(version=version, size=70, root=roll.root(lines))
    cache.set_many(dict.fromkeys(proving._keys(version, 70).values(), "00" * 32))
    entry = version.entries.get(index=20)
    assert proving.proof_of(entry, head=head) == whole_proof(lines, 20)


def test_without_the_cache_it_is_the_same(version, monkeypatch):
    expected = proving.proof(version, index=20, size=70)
    away = caches.create_connection("default")
    away._cache._servers = [f"redis://127.0.0.1:{servers.free_port()}/1"]
    monkeypatch.setattr(proving, "cache", away)
    assert proving.proof(version, index=20, size=70) == expected
