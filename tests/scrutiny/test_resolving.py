"""Against a tiny DNS server on loopback, which answers what the test says and keeps count."""

import socket
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from scrutiny import resolving

ZONE = {
    ("com", "NS"): ["a.gtld.test."],
    ("mail.test", "MX"): ["10 mx.mail.test."],
    ("address.test", "A"): ["192.0.2.1"],
    ("six.test", "AAAA"): ["2001:db8::1"],
    ("null.test", "MX"): ["0 ."],
    ("null.test", "A"): ["192.0.2.1"],
    ("text.test", "TXT"): ['"nothing to see"'],
}


class Server:
    """Answers from ZONE; names that begin with "broken" fail, and with `is_silent` it says nothing."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.asked: list[tuple[str, str]] = []
        self.is_silent = False
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def place(self):
        return f"127.0.0.1:{self.socket.getsockname()[1]}"

    def close(self):
        self.socket.close()

    def _serve(self):
        while True:
            try:
                query, peer = self.socket.recvfrom(4096)
            except OSError:
                return
            if not self.is_silent:
                self.socket.sendto(self._answer(dns.message.from_wire(query)).to_wire(), peer)

    def _answer(self, query):
        question = query.question[0]
        name, kind = question.name.to_text().rstrip("."), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if name.startswith("broken"):
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif found := ZONE.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *found))
        elif name not in {known for known, _ in ZONE}:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer


@pytest.fixture
def server(settings, monkeypatch):
    server = Server()
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
