import pytest
from django.test import RequestFactory

from scrutiny import clues

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_what_a_request_shows_is_kept_without_its_address_or_version():
    request = RequestFactory().post(
        "/", {"js": "1", "work": "solved"}, REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT=FIREFOX
    )
    seen = clues.gather(request, is_trapped=True)
    assert seen.facts() == {
        "agent": "firefox",
        "has_languages": False,
        "has_script": True,
        "work": "solved",
        "is_trapped": True,
        "origin": "",
        "is_at_home": False,
    }
    assert "192.0.2" not in repr(seen) and seen.network


@pytest.mark.parametrize("work", ["a\x00b", "a b", "é", "a" * 2001, "{}"])
def test_work_that_no_script_of_ours_makes_is_none(work):
    assert clues.plain(work) == ""


@pytest.mark.parametrize(
    ("debug", "more", "is_at_home"),
    [
        (True, {"REMOTE_ADDR": "127.0.0.1"}, True),
        (True, {"REMOTE_ADDR": "::1"}, True),
        (False, {"REMOTE_ADDR": "127.0.0.1"}, False),
        (True, {"REMOTE_ADDR": "192.0.2.7"}, False),
        (True, {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.7"}, False),
    ],
)
def test_only_a_developer_is_at_home_and_on_no_network(settings, debug, more, is_at_home):
    settings.DEBUG = debug
    seen = clues.gather(RequestFactory().post("/", **more), is_trapped=False)
    assert seen.is_at_home is is_at_home
    assert (seen.network is None) is is_at_home
