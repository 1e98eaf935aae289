import io
import logging

import pytest

from config.logs import LineWithoutPeople


@pytest.fixture
def log():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineWithoutPeople("%(levelname)s %(message)s"))
    logger = logging.Logger("somebody else's code")
    logger.addHandler(handler)
    logger.said = stream.getvalue
    return logger


@pytest.mark.parametrize("path", ["/s/k3Jd.s3cret/", "/ur/m/k3Jd.s3cret/", "/u/k3Jd.s3cret"])
def test_a_secret_link_is_not_written_down(log, path):
    log.warning("Not Found: %s", path)
    assert "s3cret" not in log.said()
    assert "Not Found" in log.said()


def test_an_address_is_not_written_down(log):
    log.error("Key (email)=(ada@harbour.example) already exists, <ada@harbour.example>")
    assert "harbour" not in log.said()


def test_a_fault_is_told_by_kind_and_place_alone(log):
    try:
        try:
            raise KeyError("Ada Okoye")
        except KeyError as error:
            raise ValueError("Ada Okoye again") from error
    except ValueError:
        log.exception("it failed")
    assert "Ada" not in log.said()
    assert "builtins.ValueError" in log.said()
    assert "builtins.KeyError" in log.said()
    assert "test_logs.py" in log.said()
