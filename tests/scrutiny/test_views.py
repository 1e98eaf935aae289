import pytest

from scrutiny import challenging
from tests import cast
from tests.solving import solve

pytestmark = pytest.mark.django_db

PATH = "/letters/clean-rivers/challenge.json"


def hardness(client, **headers) -> int:
    return client.get(PATH, **headers).json()["maxNumber"] // challenging.EASIEST


def test_every_challenge_is_a_new_one_and_no_cache_keeps_it(client):
    letter = cast.clean_rivers()
    first, second = client.get(PATH), client.get(PATH)
    for answer in (first, second):
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer
    assert first.json()["challenge"] != second.json()["challenge"]
    assert set(first.json()) == {"algorithm", "challenge", "maxNumber", "salt", "signature"}
    attempt = cast.ada(letter)
    assert challenging.verify(
        solve(first.json()), letter=letter.slug, at=attempt.created_at, attempt=attempt.pk
    )


@pytest.mark.parametrize("method", ["head", "post", "put", "delete"])
def test_a_challenge_is_only_asked_for_by_get(client, method):
    cast.clean_rivers()
    assert getattr(client, method)(PATH).status_code == 405


def test_a_draft_has_no_challenge_and_a_closed_letter_none_any_more(client):
    cast.night_trains()
    cast.bread_prices()
    assert client.get("/letters/none/challenge.json").status_code == 404
    assert client.get("/letters/night-trains/challenge.json").status_code == 404
    closed = client.get("/letters/bread-prices/challenge.json")
    assert closed.status_code == 410
    assert closed["Cache-Control"] == "no-store"


@pytest.mark.parametrize("proxies", [0, 1])
def test_t18_a_busy_networks_work_is_harder_whatever_address_it_claims(
    client, settings, monkeypatch, proxies
):
    monkeypatch.setattr(challenging, "time", lambda: 1_790_000_000)
    settings.TRUSTED_PROXY_COUNT = proxies
    cast.clean_rivers()
    forged = ["", "127.0.0.1, ", "192.0.2.1, ", "2001:db8::1, ", "nonsense, ", "1, 2, 3, 4, "]
    for number in range(30):
        claim = f"{forged[number % 6]}198.51.100.{number}, " if number % 2 else forged[number % 6]
        assert hardness(client, headers={"X-Forwarded-For": f"{claim}203.0.113.9"}) == 1
    assert hardness(client, headers={"X-Forwarded-For": "192.0.2.99, 203.0.113.9"}) == 2
    elsewhere = {"REMOTE_ADDR": "203.0.113.10"}
    if proxies:
        elsewhere = {"headers": {"X-Forwarded-For": "203.0.113.10"}}
    assert hardness(client, **elsewhere) == 1
