import io
import json
import logging
import subprocess
import sys

import pytest
from django.conf import settings as configured
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import path

from accounts.models import User
from config import logs
from tests.environment import TEST_KEYS
from tests.house.places import ROOT

pytestmark = pytest.mark.once

CANARY = "canary-7f3@people.example"
SECRET = "/s/k3Jdk3Jdk3Jdk3Jd.s3cretS3cretS3cretS3cret/"


@pytest.fixture(params=["on a server", "with DEBUG"])
def log(request):
    return logger_to(io.StringIO(), readable=request.param == "with DEBUG")


def logger_to(stream, *, readable=False):
    """A logger of somebody else's, whose lines end in `stream`; `said()` is what it wrote."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Lines(readable=readable))
    logger = logging.Logger("somebody.else")
    logger.addHandler(handler)
    logger.said = stream.getvalue
    return logger


@pytest.fixture
def lines():
    """All that is logged meanwhile as a server would write it; call it for the events."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Lines())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def break_down(request):
    raise ValueError(f"{CANARY} typed this")


def meet_a_twin(request):
    User.objects.create(email=CANARY)
    User.objects.create(email=CANARY)


urlpatterns = [path("broken/", break_down), path("twin/", meet_a_twin)]
handler404 = "config.errors.not_found"
handler500 = "config.errors.broken"


@pytest.fixture
def visitor(settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def test_a_line_on_a_server_is_json_with_its_moment_in_utc():
    log = logger_to(io.StringIO())
    log.warning("signature %s confirmed", 17)
    event = json.loads(log.said())
    assert event.pop("at").endswith("Z")
    assert event == {"level": "warning", "logger": "somebody.else", "event": "signature 17 confirmed"}


def test_a_line_with_debug_is_for_people():
    log = logger_to(io.StringIO(), readable=True)
    log.warning("signature %s confirmed", 17)
    assert log.said()[8:] == " WARNING  signature 17 confirmed  (somebody.else)\n"


def test_t20_a_secret_link_and_an_address_are_not_written_down(log):
    log.warning("Not Found: %s", SECRET)
    log.error("Key (email)=(%s) already exists", CANARY)
    assert "s3cret" not in log.said() and "people.example" not in log.said()
    assert "Not Found" in log.said()


def test_t20_a_fault_is_told_by_kind_and_place_alone(log):
    try:
        try:
            raise KeyError("Ada Okoye")
        except KeyError as error:
            raise ValueError("Ada Okoye again") from error
    except ValueError as error:
        log.exception("it failed: %s", error)
        log.error("it failed with %r", str(error), exc_info=True)
        log.error("it failed: %(why)s", {"why": error})
    assert "Ada" not in log.said()
    for words in ("builtins.ValueError", "builtins.KeyError", "test_logs.py", "it failed"):
        assert words in log.said()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028", "\u0085", "\x0b", "\x1b[2K\r", "\u202e"])
def test_asvs64_nobody_writes_a_line_of_their_own_into_the_log(log, end):
    log.warning("Not Found: /x%s2026-01-01 ERROR the site was taken over", end)
    assert len(log.said().splitlines()) == 1
    assert end not in log.said().rstrip("\n")


def test_a_line_that_cannot_be_written_is_not_printed_instead(log, capfd):
    class Careless:
        def __str__(self):
            raise RuntimeError(CANARY)

    log.error("this is %s", Careless())
    log.error("this is %s and %s", CANARY)
    assert log.said().count("could not be written") == 2
    assert "canary" not in log.said() + capfd.readouterr().err


@pytest.mark.django_db
def test_t20_forced_faults_name_nobody_in_the_log(visitor, lines):
    assert visitor.get("/broken/", headers={"Cookie": f"sid={CANARY}"}).status_code == 500
    assert visitor.post("/twin/", {"email": CANARY}).status_code == 500
    assert visitor.get(f"{SECRET}?{CANARY}").status_code == 404
    said = json.dumps(lines())
    assert "canary" not in said and "s3cret" not in said
    kinds = {fault["kind"] for line in lines() for fault in line.get("fault", [])}
    assert {"builtins.ValueError", "django.db.utils.IntegrityError"} <= kinds


@pytest.mark.django_db
def test_the_database_does_quote_the_row_so_there_is_something_to_keep_back():
    User.objects.create(email=CANARY)
    with pytest.raises(IntegrityError) as refused:
        User.objects.create(email=CANARY)
    if connection.vendor == "postgresql":
        assert CANARY in str(refused.value)


def test_nobody_is_sent_faults_by_mail_and_no_logger_writes_beside_the_others():
    names = [None, *configured.LOGGING["loggers"], "django.request", "django.security", "py.warnings"]
    for name in names:
        own = logging.getLogger(name).handlers
        assert not [handler for handler in own if "AdminEmail" in type(handler).__name__]
        formatters = {type(handler.formatter) for handler in own if type(handler) is logging.StreamHandler}
        assert formatters <= {logs.Lines}, name


@pytest.mark.parametrize("debug", ["0", "1"])
def test_t20_what_ends_a_process_is_logged_like_the_rest(tmp_path, debug):
    code = "import django; django.setup(); import warnings; warnings.warn('look out'); "
    code += f"raise ValueError({CANARY!r})"
    environ = TEST_KEYS | {
        "DEBUG": debug, "DJANGO_SETTINGS_MODULE": "config.settings", "ALLOWED_HOSTS": "a.example",
        "SITE_URL": "https://a.example", "DATABASE_URL": "sqlite://:memory:", "REDIS_URL": "redis://127.0.0.1",
        "EMAIL_URL": "box:///dev/null", "DEFAULT_FROM_EMAIL": "a@a.example",
    }  # fmt: skip
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    if debug == "0":
        events = [json.loads(line) for line in ended.stderr.splitlines()]
        assert events[-1]["fault"][0]["kind"] == "builtins.ValueError"
        assert "canary" not in ended.stderr
    else:
        assert CANARY in ended.stderr
