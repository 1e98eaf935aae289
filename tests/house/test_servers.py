import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest
import redis

from tests import servers
from tests.house.places import ROOT

pytestmark = pytest.mark.once


@pytest.fixture
def bare_machine(monkeypatch):
    """Nothing runs here and nothing is installed but the packages."""
    monkeypatch.setattr(
        servers, "LOCAL_POSTGRESQL", f"postgres://postgres@127.0.0.1:{servers.free_port()}/postgres"
    )
    monkeypatch.setattr(servers, "_installed_postgresql", lambda: None)
    monkeypatch.setattr(shutil, "which", lambda name: None)


@pytest.fixture
def directory():
    """Like that of a run: where root runs the tests, PostgreSQL is nobody, whom pytest lets into none."""
    with tempfile.TemporaryDirectory(prefix="undersigned-") as place:
        yield Path(place)


@pytest.mark.processes
def test_a_bare_machine_gets_a_database_for_the_run(bare_machine, directory):
    url, stop = servers.postgresql(directory)
    with psycopg.connect(url) as connection:
        assert connection.info.server_version >= servers.OLDEST_POSTGRESQL
    stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


@pytest.mark.processes
def test_a_bare_machine_gets_a_broker_for_the_run(bare_machine, tmp_path):
    url, stop = servers.redis_server(tmp_path)
    assert redis.Redis.from_url(url).ping()
    stop()
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(url).ping()


@pytest.mark.parametrize(("start", "word"), [("postgresql", "PostgreSQL"), ("redis_server", "Valkey")])
def test_finding_nothing_is_a_failure_with_a_sentence(bare_machine, monkeypatch, tmp_path, start, word):
    monkeypatch.setattr(servers, "_embedded_postgresql", lambda directory: None)
    monkeypatch.setattr(servers, "_embedded_valkey", lambda: None)
    with pytest.raises(servers.NothingFound, match=f"need.* {word}.*make setup"):
        getattr(servers, start)(tmp_path)


def test_t16_reaching_another_machine_is_noticed(only_this_machine):
    with pytest.raises(OSError, match="do not leave this machine"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(OSError, match="do not leave this machine"):
        socket.getaddrinfo("letters.example", 443)
    assert only_this_machine == ["192.0.2.1", "letters.example"]
    only_this_machine.clear()


def test_t16_reaching_another_machine_fails_the_test_that_swallows_it(tmp_path):
    code = "import socket\ndef test_it():\n    try:\n        socket.create_connection(('192.0.2.1', 80))\n" \
           "    except OSError:\n        pass\n"  # fmt: skip
    planted = tmp_path / "test_careless.py"
    planted.write_text(code)
    (tmp_path / "conftest.py").write_text("from tests.conftest import only_this_machine\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n0",
        "-c",
        ROOT / "pyproject.toml",
        f"--rootdir={ROOT}",
        planted,
    ]
    result = subprocess.run(
        command, cwd=ROOT, text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert result.returncode == 1
    assert "tried to reach 192.0.2.1" in result.stdout
