import os
import pickle

import pytest
import redis
from django.core.cache import cache, caches

from config.caching import JSONSerializer, location


class Trap:
    def __init__(self, place):
        self.place = place

    def __reduce__(self):
        return os.mkdir, (str(self.place),)


def test_t19_a_pickle_planted_in_the_cache_is_not_executed(tmp_path, caplog):
    trap = tmp_path / "sprung"
    with redis.Redis.from_url(caches.settings["default"]["LOCATION"]) as intruder:
        intruder.set(cache.make_key("planted"), pickle.dumps(Trap(trap)))
    assert cache.get("planted") is None
    assert cache.get_many(["planted"]) == {"planted": None}
    assert not trap.exists()
    assert "no JSON" in caplog.text
    pickle.loads(pickle.dumps(Trap(trap)))
    assert trap.exists(), "the trap itself works"


@pytest.mark.parametrize("value", [0, 17, True, None, "Zoë", [1, "two"], {"until": 1.5}])
def test_what_is_kept_comes_back(value):
    cache.set("kept", value)
    assert cache.get("kept", "nothing") == value
    assert JSONSerializer().loads(str(JSONSerializer().dumps(1)).encode()) == 1


@pytest.mark.parametrize(
    ("broker", "cache_of_it"),
    [
        ("redis://127.0.0.1:6379", "redis://127.0.0.1:6379/1"),
        ("redis://u:p@redis.example:6379/0", "redis://u:p@redis.example:6379/1"),
        ("rediss://u:p@redis.example/?ssl_cert_reqs=required",
         "rediss://u:p@redis.example/1?ssl_cert_reqs=required"),
        ("unix:///run/redis.sock", "unix:///run/redis.sock?db=1"),
        ("unix:///run/redis.sock?password=p", "unix:///run/redis.sock?password=p&db=1"),
    ],
)  # fmt: skip
def test_without_an_address_of_its_own_the_cache_is_beside_the_broker(broker, cache_of_it):
    assert location(broker) == cache_of_it
