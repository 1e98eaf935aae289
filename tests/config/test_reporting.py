"""Events as they arrive at a Sentry: a real endpoint on this machine takes them in."""

import contextlib
import gzip
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import reporting
from config.celery import app
from tests.faults.harness import broker, environment_with, running, settles
from tests.house.places import ROOT

pytestmark = pytest.mark.once

CANARY = "canary-7f3@people.example"
SECRET = "k3Jdk3Jdk3Jdk3Jd.s3cretS3cretS3cretS3cret"
FAULTS = f"""
import django; django.setup()
from django.conf import settings
from django.test import Client
settings.ROOT_URLCONF = "tests.config.test_logs"
visitor = Client(raise_request_exception=False, HTTP_COOKIE="sid={CANARY}", REMOTE_ADDR="198.51.100.7")
visitor.post("/broken/?q={CANARY}", {{"email": "{CANARY}"}})
visitor.post("/twin/", {{"email": "{CANARY}"}})
visitor.get("/s/{SECRET}/")
import logging
log = logging.getLogger("somebody.else")
log.info("a crumb: {CANARY}")
log.error("about %s at 198.51.100.7 /s/{SECRET}/", "{CANARY}", extra={{"request": "{CANARY}"}})
def with_locals():
    canary = "{CANARY}"
    raise KeyError(canary)
with_locals()
"""


@pytest.fixture
def sentry():
    """A loopback address that takes envelopes: `.dsn`, and `.received`, everything that was posted."""

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            server.received.append(f"{self.path}\n{self.headers}\n{body.decode()}")
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *more):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    server.received, server.dsn = [], f"http://publickey@127.0.0.1:{server.server_port}/1"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def events(sentry):
    """Every event in every envelope."""
    found = []
    for post in sentry.received:
        for line in post.partition("\n\n")[2].splitlines():
            with contextlib.suppress(ValueError):
                item = json.loads(line)
                if "platform" in item:
                    found.append(item)
    return found


@pytest.mark.django_db(transaction=True)
def test_t20_what_is_reported_of_a_fault_names_nobody(sentry):
    code = ["-c", FAULTS]
    environ = environment_with(SENTRY_DSN=sentry.dsn, DJANGO_SETTINGS_MODULE="config.settings")
    subprocess.run(
        [sys.executable, *code], cwd=ROOT, env=environ, check=False, capture_output=True, timeout=60
    )
    told = events(sentry)
    kinds = {fault["type"] for event in told for fault in event.get("exception", {}).get("values", [])}
    assert {"ValueError", "IntegrityError", "KeyError"} <= kinds
    assert any(event.get("logentry", {}).get("message") == "about %s at ... /s/.../" for event in told)
    places = [frame for event in told for fault in event.get("exception", {}).get("values", [])
              for frame in fault["stacktrace"]["frames"]]  # fmt: skip
    assert any(frame["function"] == "break_down" and frame["lineno"] for frame in places)
    everything = "\n".join(sentry.received)
    host = os.uname().nodename
    for secret in ("canary", "people.example", "s3cret", "198.51.100", "Cookie", "typed this", host):
        assert secret not in everything, secret
    for event in told:
        allowed = {*reporting.OF_EVENT, "logentry", "exception"}
        assert set(event) <= allowed
        for fault in event.get("exception", {}).get("values", []):
            assert set(fault) <= {"type", "module", "stacktrace"}
    assert not any('"type":"session"' in post or '"type":"transaction"' in post for post in sentry.received)


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_t20_a_worker_reports_a_failed_task_without_its_arguments(sentry, tmp_path):
    worker = ["-m", "celery", "--quiet", "--app", "config", "worker", "--concurrency", "1"]
    with broker(tmp_path) as url, running(
        *worker, log=tmp_path / "said", REDIS_URL=url, SENTRY_DSN=sentry.dsn
    ) as process:  # fmt: skip
        with app.connection_for_write(url) as connection:
            app.send_task("outbox.drain", args=[CANARY], connection=connection)
        assert settles(lambda: events(sentry)), process.output
    assert "TypeError" in {fault["type"] for fault in events(sentry)[0]["exception"]["values"]}
    assert "canary" not in "\n".join(sentry.received)


def test_without_an_address_nothing_is_reported(monkeypatch):
    monkeypatch.setattr("sentry_sdk.init", lambda **options: pytest.fail("it was started"))
    reporting.start("")


@pytest.mark.parametrize(
    "dsn", ["sentry.example", "https://sentry.example/1", "http://k@sentry.example/", "k"]
)
def test_a_malformed_address_stops_the_start_with_a_sentence(dsn):
    with pytest.raises(ImproperlyConfigured, match="SENTRY_DSN"):
        reporting.start(dsn)
