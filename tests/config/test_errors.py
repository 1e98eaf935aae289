import re

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import path

from config.urls import handler400, handler403, handler404, handler500  # noqa: F401 (the site's own pages)

CANARY = "what-somebody-typed"


def break_down(request):
    raise ValueError(CANARY)


def lose_the_database(request):
    raise OperationalError(CANARY)


urlpatterns = [path("broken/", break_down), path("away/", lose_the_database)]


@pytest.fixture
def visitor(settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("address", "status"), [("/broken/", 500), ("/away/", 503), ("/nowhere/", 404)])
def test_what_went_wrong_is_said_in_words_under_the_same_policy(visitor, address, status):
    answer = visitor.get(address)
    assert answer.status_code == status
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert CANARY not in answer.content.decode()
    assert not answer.cookies


def test_asvs66_a_fault_has_a_reference_that_the_log_knows_and_nothing_that_was_typed(visitor, caplog):
    references = {
        re.search(r"<bdi>([0-9a-f]{8})</bdi>", visitor.get("/broken/").content.decode())[1] for _ in "ab"
    }
    assert len(references) == 2
    lines = [record.getMessage() for record in caplog.records if record.name == "config.errors"]
    assert all(any(reference in line for line in lines) for reference in references)
    assert CANARY not in " ".join(lines)


def test_a_database_that_is_away_asks_to_come_back(visitor):
    assert visitor.get("/away/").headers["Retry-After"] == "30"


def test_a_page_that_cannot_be_made_leaves_an_answer_with_its_reference(visitor, settings, caplog):
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [], "APP_DIRS": False}]
    answer = visitor.get("/broken/")
    assert re.fullmatch(r"500 [0-9a-f]{8}\n", answer.content.decode())
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.content.decode().split()[1] in caplog.text
