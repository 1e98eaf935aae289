import pytest
from django.core.exceptions import ImproperlyConfigured

from outbox import routing


def test_it_waits_ten_minutes_for_the_last_answer_unless_told_otherwise():
    route = routing.route("smtp+tls://us:p%40ss@mail.example")
    assert (route.host, route.port, route.username, route.password) == ("mail.example", 587, "us", "p@ss")
    assert route.data_seconds == 600
    assert routing.route("smtp://mail.example?data_timeout=900").data_seconds == 900


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example",
        "smtp://",
        "box://",
        "smtp+tls://mail.example:many",
        "smtp://mail.example?timeout=soon",
        "smtp://us:secret@mail.example",
    ],
)
def test_a_malformed_address_is_named_in_a_sentence(url):
    with pytest.raises(ImproperlyConfigured, match=r"^EMAIL_URL .*\.$") as error:
        routing.route(url)
    assert "secret" not in str(error.value)
