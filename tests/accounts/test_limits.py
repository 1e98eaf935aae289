"""Limits on signing in, and the marks of networks, count a visitor once, whatever headers say."""

import pytest
import redis
from allauth.core.internal import ratelimit
from django.conf import settings as configured
from django.core.cache import caches
from django.test import RequestFactory

from scrutiny import networks
from tests.vault.test_peers import CLIENT, FORGED
from vault.peers import client_ip

SIXTH = "2001:db8:1:2::17"


def visit(client, *, forged=None, proxies=0):
    """A request of `client` through so many proxies of ours, with what it claimed itself in front."""
    hops = [*([] if forged is None else [forged]), *[client, *["10.0.0.8"] * proxies][:proxies]]
    headers = {"HTTP_X_FORWARDED_FOR": ", ".join(hops)} if hops else {}
    return RequestFactory().get("/", REMOTE_ADDR=client if not proxies else "10.0.0.9", **headers)


def bucket(request):
    """Where allauth counts it, and what the site knows its network by."""
    key = ratelimit.get_cache_key(request, app="account", action="login", rate=ratelimit.parse_rate("5/m/ip"))
    return key, networks.mark(client_ip(request))


@pytest.mark.parametrize("proxies", [0, 1, 2])
@pytest.mark.parametrize("client", [CLIENT, SIXTH], ids=["IPv4", "IPv6"])
@pytest.mark.parametrize("forged", FORGED, ids=lambda text: text[:20])
def test_t18_a_forged_header_lands_in_the_same_bucket_as_none(settings, client, proxies, forged):
    settings.TRUSTED_PROXY_COUNT = settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert bucket(visit(client, forged=forged, proxies=proxies)) == bucket(visit(client, proxies=proxies))


@pytest.mark.parametrize("forged", FORGED, ids=lambda text: text[:20])
def test_t18_behind_a_proxy_that_adds_nothing_the_peer_is_counted(settings, forged):
    settings.TRUSTED_PROXY_COUNT = 2
    assert client_ip(visit("10.0.0.9", forged=f"{forged}".replace(",", ";"))) == "10.0.0.9"


def test_t18_neighbours_in_one_network_share_a_bucket_and_strangers_do_not():
    first, second, third = (bucket(visit(ip)) for ip in (SIXTH, "2001:db8:1:2:ffff::1", "2001:db8:1:3::17"))
    assert first == second
    assert first[0] != third[0] and first[1] != third[1]
    fourth, wrapped, other = (bucket(visit(ip)) for ip in (CLIENT, f"::ffff:{CLIENT}", "198.51.100.24"))
    assert fourth == wrapped
    assert fourth[0] != other[0] and fourth[1] != other[1]


def test_t18_both_count_by_one_setting():
    assert configured.ALLAUTH_TRUSTED_PROXY_COUNT == configured.TRUSTED_PROXY_COUNT
    assert getattr(configured, "ALLAUTH_RATE_LIMIT_IPV6_PREFIX", 64) == 64


@pytest.mark.django_db
def test_t31_what_the_cache_keeps_of_signing_in_names_no_address(client):
    client.post("/accounts/login/", {"login": "ada@desk.example", "password": "x"}, REMOTE_ADDR=CLIENT)
    with redis.Redis.from_url(caches.settings["default"]["LOCATION"], decode_responses=True) as cache:
        mine = list(cache.scan_iter(f"{caches['default'].key_prefix}:*"))
        kept = "\n".join([*mine, *(str(cache.get(key)) for key in mine)])
    assert "allauth" in kept, "the search itself works"
    assert CLIENT not in kept and "ada@" not in kept
