import pytest
from django.test import RequestFactory

from vault.peers import UNKNOWN, client_ip

PROXY, CLIENT = "10.0.0.7", "198.51.100.23"
FORGED = [
    "1.2.3.4", "1.2.3.4, 5.6.7.8", "a, b, c", "127.0.0.1", "2001:db8::1, 127.0.0.1, ::1",
    "1.1.1.1,2.2.2.2,3.3.3.3", "1.1.1.1,2.2.2.2,3.3.3.3,4.4.4.4", "1.1.1.1,2.2.2.2,3.3.3.3,4.4.4.4,5.5.5.5",
    "2001:DB8:0:0:0:0:0:1", "2001:0db8::0001", "[2001:db8::1]", "[2001:db8::1]:443", "fe80::1%eth0", "::1",
    "::", "::ffff:127.0.0.1", "::ffff:7f00:1", "0:0:0:0:0:ffff:1.2.3.4", "64:ff9b::1.2.3.4", "2002:102:304::",
    "127.1", "0x7f000001", "2130706433", "010.0.0.1", "1.2.3.4:80", "unknown", "_hidden", "localhost",
    "'; DROP TABLE x; --", "", " ", ",,,,", "\t1.2.3.4", "1.2.3.4\u00a0", "9" * 5000,
]  # fmt: skip


def request(forwarded=None, peer=CLIENT):
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=peer, **headers)


@pytest.mark.parametrize("forged", FORGED)
def test_t18_without_a_proxy_the_header_says_nothing(forged, settings):
    settings.TRUSTED_PROXY_COUNT = 0
    assert client_ip(request(forged)) == CLIENT


@pytest.mark.parametrize("forged", FORGED)
def test_t18_one_proxy_is_believed_and_nothing_to_its_left(forged, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    assert client_ip(request(f"{forged}, {CLIENT}", peer=PROXY)) == CLIENT


@pytest.mark.parametrize("forged", FORGED)
def test_t18_two_proxies_are_counted_from_the_right(forged, settings):
    settings.TRUSTED_PROXY_COUNT = 2
    assert client_ip(request(f"{forged}, {CLIENT}, 10.0.0.8", peer=PROXY)) == CLIENT


@pytest.mark.parametrize("forwarded", [None, "", "1.2.3.4", "rubbish, 10.0.0.8"])
def test_a_header_that_cannot_be_ours_leaves_the_peer(forwarded, settings):
    settings.TRUSTED_PROXY_COUNT = 2
    assert client_ip(request(forwarded, peer=PROXY)) == PROXY


def test_one_address_has_one_spelling(settings):
    settings.TRUSTED_PROXY_COUNT = 1
    assert client_ip(request(f"::ffff:{CLIENT}", peer=PROXY)) == CLIENT
    assert client_ip(request("2001:DB8:0::1", peer=PROXY)) == "2001:db8::1"


def test_a_peer_without_an_address_is_unknown(settings):
    settings.TRUSTED_PROXY_COUNT = 0
    assert client_ip(request(peer="")) == UNKNOWN
