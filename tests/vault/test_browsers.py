import pytest

from vault import browsers

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        (FIREFOX, "firefox"),
        (CHROME, "chrome"),
        (f"{CHROME} EdgA/140.0", "edge"),
        (SAFARI, "safari"),
        ("curl/8.5.0", "curl"),
        ("w3m/0.5.3", "text"),
        ("Something/1.0", "other"),
        ("", "none"),
    ],
)
def test_a_browser_is_known_by_its_family_alone(agent, family):
    assert browsers.family(agent) == family


def test_a_user_agent_of_any_length_is_read_in_no_time():
    assert browsers.family("Version/1 " * 100_000) == "other"
