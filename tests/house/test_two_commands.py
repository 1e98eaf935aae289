import ast
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from bootstrap import commands
from tests.house.places import ROOT, copy
from tests.house.site import Site

pytestmark = pytest.mark.once

NOBODY_LISTENS = "http://127.0.0.1:9/simple"


def bare(**more: str) -> dict[str, str]:
    """What `env -i` leaves: a PATH."""
    return {"PATH": os.environ["PATH"]} | more


def call(*command: str | Path, cwd: Path = ROOT, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env=bare(**environ), text=True, timeout=120,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip


def assert_stops_with(result: subprocess.CompletedProcess[str], *words: str) -> None:
    assert result.returncode == 1, result.stdout
    assert "Traceback" not in result.stdout
    for word in words:
        assert word in result.stdout


@pytest.fixture
def bare_copy(tmp_path):
    """Only what the first seconds of a command need."""
    shutil.copytree(ROOT / "bootstrap", tmp_path / "bootstrap", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_an_old_python_is_named_together_with_the_one_that_is_needed():
    pretend = "import sys, runpy; sys.version_info = (3, 9, 2); runpy.run_module('bootstrap', alter_sys=True)"
    assert_stops_with(call(sys.executable, "-c", pretend), "Python 3.11 or newer", "this one is 3.9")


def test_an_old_python_can_read_the_file_that_turns_it_away():
    ast.parse((ROOT / "bootstrap" / "__main__.py").read_text(), feature_version=(3, 6))


def test_a_python_without_venv_is_told_how_to_get_it(bare_copy):
    (bare_copy / "sitecustomize.py").write_text("import sys\nsys.modules['ensurepip'] = None\n")
    python = os.path.realpath(sys.executable)
    result = call(python, "-m", "bootstrap", "setup", cwd=bare_copy, PYTHONPATH=str(bare_copy))
    assert_stops_with(result, "venv module", "-venv'")
    assert not (bare_copy / ".venv").exists()


def test_without_network_the_index_is_named_and_pip_is_not_heard(bare_copy):
    result = call(
        os.path.realpath(sys.executable), "-m", "bootstrap", "setup", cwd=bare_copy,
        PIP_INDEX_URL=NOBODY_LISTENS, PIP_CONFIG_FILE=os.devnull, PIP_RETRIES="0", HOME=str(bare_copy),
    )  # fmt: skip
    assert_stops_with(result, "no way from here to the Python package index", "Check the network")
    assert "WARNING" not in result.stdout


def test_without_chromium_it_says_how_to_install_it(tmp_path):
    ask = "from bootstrap import commands, chromium; commands.COMMANDS['ask'] = chromium.ensure; " \
          "raise SystemExit(commands.main(['ask']))"  # fmt: skip
    result = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, env={"PATH": str(tmp_path)}, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert_stops_with(result, "need Chromium", "apt-get install chromium")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may install; others get the sentence")
def test_root_gets_chromium_installed(tmp_path):
    said = tmp_path / "said"
    apt = tmp_path / "apt-get"
    apt.write_text(
        f'#!/bin/sh\necho "$@" >> {said}\n'
        f'[ "$1" = install ] && : > {tmp_path}/chromium\n/bin/chmod +x {tmp_path}/*\n'
    )
    apt.chmod(0o755)
    result = subprocess.run(
        [sys.executable, "-c", "from bootstrap import chromium; chromium.ensure(); print(chromium.find())"],
        cwd=ROOT, env={"PATH": str(tmp_path)}, text=True, check=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert result.stdout.splitlines()[-1] == str(tmp_path / "chromium")
    assert "install -y" in said.read_text()


def test_the_first_run_writes_keys_for_this_machine_alone_and_keeps_them(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    monkeypatch.setattr(commands, "VAR", tmp_path)
    monkeypatch.setattr(commands, "FIRST_ENV", tmp_path / "env")
    commands.write_first_env()
    written = (tmp_path / "env").read_text()
    commands.write_first_env()
    assert (tmp_path / "env").read_text() == written
    assert (tmp_path / "env").stat().st_mode & 0o777 == 0o600
    values = dict(line.split("=", 1) for line in written.splitlines())
    assert values.pop("DEBUG") == "1"
    assert set(values) == {"SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "TOKEN_KEYS", "ROLL_KEY"}
    assert len(set(values.values())) == len(values)


def test_a_machine_with_keys_of_its_own_gets_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "from elsewhere")
    monkeypatch.setattr(commands, "FIRST_ENV", tmp_path / "env")
    commands.write_first_env()
    assert not (tmp_path / "env").exists()


def test_where_no_bytecode_is_wanted_beside_the_sources_it_is_kept_elsewhere(monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    commands.keep_bytecode()
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ
    assert os.environ["PYTHONPYCACHEPREFIX"] == str(commands.VAR / "bytecode")


def test_make_alone_lists_the_commands():
    listed = call("make").stdout
    assert [line.split()[1] for line in listed.splitlines()] == [
        "help", "run", "setup", "test", "lint", "bench", "seed", "pictures", "lock",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return copy(tmp_path_factory.mktemp("house"))


@pytest.fixture
def site(place):
    """The first finds a fresh copy, the others one where a site was stopped or killed before."""
    site = Site(place)
    yield site
    site.stop()


@pytest.mark.processes
@pytest.mark.parametrize("goodbye", [signal.SIGINT, signal.SIGTERM])
def test_the_site_answers_and_leaves_no_process(site, goodbye):
    with urllib.request.urlopen(f"http://127.0.0.1:{site.port}/readyz", timeout=10) as page:
        assert page.status == 200
    assert f"http://localhost:{site.port}/dev/" in site.log.read_text()
    assert len(site.family()) > 4
    site.process.send_signal(goodbye)
    assert site.process.wait(40) == 0
    site.wait_until_nobody_is_left()


@pytest.mark.processes
@pytest.mark.parametrize("name, told_by", [("broker", b"broker.sock"), ("clock", b"\0beat\0")])
def test_one_dead_child_stops_the_site_with_a_sentence(site, name, told_by):
    child = next(pid for pid in site.family() if told_by in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(child, signal.SIGKILL)
    assert site.process.wait(40) == 1
    site.wait_until_nobody_is_left()
    assert f"The {name} stopped by itself" in site.log.read_text()
    assert "Traceback" not in site.log.read_text()


@pytest.mark.processes
def test_a_killed_parent_leaves_no_orphan(site):
    site.process.kill()
    site.process.wait()
    site.wait_until_nobody_is_left()


def test_a_taken_port_is_named_with_a_way_out(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = call(
            sys.executable, "manage.py", "dev", PORT=str(port), DEBUG="1",
            **{name: commands.fresh_key() for name in commands.KEYS},
        )  # fmt: skip
    assert_stops_with(result, f"Port {port} is taken", f"make run PORT={port + 1}")
