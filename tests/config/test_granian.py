"""The web server as README.md starts it: what it writes down of private links."""

import http.client
import json
import os
import re
import shlex
import time

import pytest

from signatories import tokens
from tests import cast, servers
from tests.faults.harness import running
from tests.house.places import ROOT

pytestmark = [pytest.mark.once, pytest.mark.processes, pytest.mark.django_db(transaction=True)]


def command_of_readme(port):
    """The arguments README.md gives to granian, moved to another port."""
    [line] = re.findall(r"`granian (.*?)`", (ROOT / "README.md").read_text())
    arguments = shlex.split(line)
    arguments[arguments.index("--port") + 1] = str(port)
    return arguments


def ask(port, method, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, headers={"Referer": f"http://testserver{path}"})
    return connection.getresponse().status


def wait_for(port, process):
    patience = time.monotonic() + 40
    while time.monotonic() < patience:
        try:
            return ask(port, "GET", "/healthz")
        except OSError:
            assert process.process.poll() is None, process.output
            time.sleep(0.1)
    raise AssertionError(process.output)


@pytest.mark.parametrize("access_log", [[], ["--access-log"]], ids=["as it stands", "with an access log"])
def test_t03_the_web_server_writes_down_no_private_link(tmp_path, access_log):
    letter = cast.clean_rivers()
    token = tokens.make(tokens.CONFIRM, cast.ada(letter))
    manage = tokens.make(tokens.MANAGE, cast.bela(letter))
    port = servers.free_port()
    # styles are collected on servers only, so pages would need `collectstatic` first
    environ = {"UNDERSIGNED_TESTING": "1", "REDIS_URL": os.environ["REDIS_URL"]}
    command = ["-m", "granian", *command_of_readme(port), *access_log]
    with running(*command, log=tmp_path / "said", **environ) as process:
        wait_for(port, process)
        assert ask(port, "GET", f"/s/{token}/") == 200
        assert ask(port, "POST", f"/s/{token}/") == 200
        assert ask(port, "GET", f"/ur/m/{manage}/") == 200
        assert ask(port, "GET", f"/m/{manage[:-1]}/") == 404
        assert ask(port, "GET", f"/letters/clean-rivers/?email={cast.ADA}") == 200
        process.stop()
    said = process.output
    events = [json.loads(line) for line in said.splitlines() if line]
    assert any("Listening" in event["event"] for event in events)
    assert any("/m/..." in event["event"] for event in events), (
        "what is not found is told, without its secret"
    )
    for secret in (token, manage, manage[:-1], token.split(".")[1], cast.ADA):
        assert secret not in said
    told = [event for event in events if event["logger"] == "granian.access"]
    assert bool(told) == bool(access_log)
