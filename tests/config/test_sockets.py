import os
import shutil
import socket
import stat
import tempfile
from pathlib import Path

import pytest

from config import brokers, sockets


@pytest.fixture
def deep(tmp_path):
    """A place whose own socket would have too long a name."""
    place = tmp_path / ("deep" * 30) / "var"
    place.mkdir(parents=True)
    yield place
    if (place / "broker.path").exists():
        shutil.rmtree((place / "broker.path").read_text(), ignore_errors=True)


def test_the_broker_listens_where_everything_is_written(tmp_path):
    var = tmp_path.parent / "v"
    assert sockets.socket_path(var) == var / "broker.sock"


def test_a_deep_place_gets_a_short_private_one_which_every_command_finds(deep):
    path = sockets.socket_path(deep)
    assert sockets.socket_path(deep) == path
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


def test_the_short_place_is_made_where_temporary_files_belong(deep, monkeypatch):
    with tempfile.TemporaryDirectory() as short:
        monkeypatch.setattr(tempfile, "tempdir", short)
        assert sockets.socket_path(deep).parent.parent == Path(short)


def test_where_temporary_files_are_too_deep_as_well_it_is_made_in_a_usual_place(deep, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    usual = next(Path(place) for place in ("/tmp", "/var/tmp") if os.access(place, os.W_OK))
    assert sockets.socket_path(deep).parent.parent == usual


def test_a_short_place_that_others_may_write_to_is_not_trusted(deep):
    first = sockets.socket_path(deep)
    first.parent.chmod(0o777)
    second = sockets.socket_path(deep)
    assert second.parent != first.parent
    shutil.rmtree(first.parent)


def test_a_short_place_that_was_tidied_away_is_made_again(deep):
    first = sockets.socket_path(deep)
    shutil.rmtree(first.parent)
    assert sockets.socket_path(deep).parent.is_dir()


def test_without_a_server_on_the_machine_the_one_among_the_packages_is_started(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert os.access(brokers.program(), os.X_OK)
