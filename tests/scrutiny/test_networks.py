from datetime import UTC, datetime

import pytest
import redis
from django.core.cache import cache

from scrutiny import networks
from tests.emptying import empty_cache

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    monkeypatch.setattr(networks, "_key", None)
    monkeypatch.setattr(networks, "_asked_at", float("-inf"))


def another_process(monkeypatch):
    monkeypatch.setattr(networks, "_key", None)
    monkeypatch.setattr(networks, "_asked_at", float("-inf"))


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("192.0.2.7", "192.0.2.7/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
    ],
)
def test_a_network_is_an_address_of_ipv4_and_a_64_of_ipv6(ip, network):
    assert networks.network_of(ip) == network


def test_equal_networks_have_equal_marks_for_a_day_in_every_process(monkeypatch):
    first = networks.mark("2001:db8::1", at=NOON)
    another_process(monkeypatch)
    assert networks.mark("2001:db8::2", at=NOON) == first
    assert networks.mark("2001:db8:0:1::1", at=NOON) != first


def test_the_next_day_nobody_can_tell_whose_mark_it_was():
    today = networks.mark("192.0.2.7", at=NOON)
    assert networks.mark("192.0.2.7", at=NOON.replace(day=26)) != today


def test_t31_the_key_of_a_day_lives_in_the_cache_and_ends_with_it():
    networks.mark("192.0.2.7", at=NOON)
    left = cache.ttl("network-key:2026-11-25") if hasattr(cache, "ttl") else _seconds_left()
    assert 0 < left <= 24 * 3600


def _seconds_left() -> int:
    client = cache._cache.get_client()
    return client.ttl(cache.make_key("network-key:2026-11-25"))


def test_an_emptied_cache_gets_its_key_back(monkeypatch):
    first = networks.mark("192.0.2.7", at=NOON)
    empty_cache()
    monkeypatch.setattr(networks, "_asked_at", networks._asked_at - networks.LOOK_AGAIN)
    assert networks.mark("192.0.2.7", at=NOON) == first
    another_process(monkeypatch)
    assert networks.mark("192.0.2.7", at=NOON) == first


def test_f05_without_a_cache_no_network_is_told_and_nobody_waits_for_it_twice(settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/1"}}
    with pytest.raises(redis.RedisError):
        cache.get("anything")
    assert networks.mark("192.0.2.7", at=NOON) is None
    assert networks._asked_at > 0
