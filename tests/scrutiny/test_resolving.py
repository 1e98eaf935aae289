"""Against a tiny DNS server on loopback."""

import pytest

from scrutiny import resolving
from tests.nameserver import Server

ZONE = {
    ("com", "NS"): ["a.gtld.test."],
    ("mail.test", "MX"): ["10 mx.mail.test."],
    ("address.test", "A"): ["192.0.2.1"],
    ("six.test", "AAAA"): ["2001:db8::1"],
    ("null.test", "MX"): ["0 ."],
    ("null.test", "A"): ["192.0.2.1"],
    ("text.test", "TXT"): ['"nothing to see"', '"in " "two pieces"'],
    **{(f"alias{number}.test", "CNAME"): [f"alias{number - 1}.test."] for number in range(1, 5)},
    ("alias0.test", "TXT"): ['"behind"'],
}


@pytest.fixture
def server(settings, monkeypatch):
    server = Server(ZONE)
    settings.MAIL_DOMAINS_LOOKED_UP, settings.DNS_SERVERS = True, [server.place]
    monkeypatch.setattr(resolving, "_known", {})
    monkeypatch.setattr(resolving, "_silent_until", float("-inf"))
    yield server
    server.close()


@pytest.mark.parametrize(
    ("domain", "takes"),
    [
        ("mail.test", True), ("MAIL.test", True), ("address.test", True), ("six.test", True),
        ("null.test", False), ("text.test", False), ("nowhere.test", False), ("broken.test", None),
    ],
)  # fmt: skip
def test_who_takes_mail(server, domain, takes):
    assert resolving.takes_mail(domain) is takes


def test_what_is_known_is_not_asked_again(server):
    for _ in range(2):
        assert resolving.takes_mail("mail.test")
        assert resolving.takes_mail("nowhere.test") is False
    assert server.asked == [("mail.test", "MX"), ("nowhere.test", "MX"), ("com", "NS")]


def test_a_dns_that_fails_is_asked_again(server):
    for _ in range(2):
        assert resolving.takes_mail("broken.test") is None
    assert ("broken.test", "MX") in server.asked[1:]


def test_a_silent_dns_says_nothing_and_is_left_alone(server, monkeypatch):
    monkeypatch.setattr(resolving, "LONGEST", 0.3)
    server.is_silent = True
    assert resolving.takes_mail("nowhere.test") is None
    server.is_silent = False
    assert resolving.takes_mail("nowhere.test") is None
    assert server.asked == []
    monkeypatch.setattr(resolving, "_silent_until", float("-inf"))
    assert resolving.takes_mail("nowhere.test") is False


def test_a_dns_that_denies_everything_is_not_believed(server, monkeypatch):
    monkeypatch.delitem(ZONE, ("com", "NS"))
    assert resolving.takes_mail("nowhere.test") is None


def test_the_large_providers_are_never_asked(server):
    assert resolving.takes_mail("gmail.com") and server.asked == []


def test_the_demos_domains_are_never_asked(server):
    assert resolving.takes_mail("okoye.example") is None and server.asked == []


def test_where_dns_is_not_asked_nothing_is_known(server, settings):
    settings.MAIL_DOMAINS_LOOKED_UP = False
    assert resolving.takes_mail("nowhere.test") is None and server.asked == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("text.test", ["in two pieces", "nothing to see"]), ("mail.test", []), ("nowhere.test", []),
        ("alias3.test", ["behind"]), ("alias4.test", []),
    ],
)  # fmt: skip
def test_t16_records_are_read_and_few_aliases_followed(server, name, found):
    assert sorted(resolving.texts(name)) == found


@pytest.mark.parametrize("name", ["broken.test", "okoye.example"])
def test_what_the_dns_does_not_say_is_not_taken_for_nothing(server, name):
    with pytest.raises(resolving.Silent):
        resolving.texts(name)


def test_t16_a_silent_dns_is_waited_for_two_seconds_at_most(server, monkeypatch):
    monkeypatch.setattr(resolving, "LONGEST", 0.3)
    server.is_silent = True
    with pytest.raises(resolving.Silent):
        resolving.texts("text.test")
