import pytest

from scrutiny import hosting


@pytest.fixture
def lists(settings, tmp_path):
    servers, exits = tmp_path / "hosting.txt", tmp_path / "tor.txt"
    servers.write_text(
        "# a hoster\n192.0.2.0/24\n192.0.2.128/25  # inside\n\n2001:db8:1::/48\n198.51.100.0/25\n"
    )
    exits.write_text("192.0.2.7\n")
    settings.HOSTING_NETWORKS, settings.TOR_NETWORKS = str(servers), str(exits)


@pytest.mark.parametrize(
    ("ip", "origin"),
    [
        ("192.0.2.0", "hosting"), ("192.0.2.255", "hosting"), ("192.0.2.7", "tor"), ("192.0.3.0", ""),
        ("198.51.100.127", "hosting"), ("198.51.100.128", ""), ("2001:db8:1:ffff::1", "hosting"),
        ("2001:db8:2::1", ""), ("0.0.0.0", ""), ("::", ""),
    ],
)  # fmt: skip
def test_an_address_belongs_to_the_network_around_it(lists, ip, origin):
    assert hosting.origin(ip) == origin


def test_without_a_list_nothing_is_known(settings):
    settings.HOSTING_NETWORKS = settings.TOR_NETWORKS = ""
    assert hosting.origin("192.0.2.1") == ""


@pytest.mark.parametrize("text", ["somewhere\n", None])
def test_a_list_that_cannot_be_read_is_said_and_stops_nobody(settings, tmp_path, caplog, text):
    file = tmp_path / "wrong.txt"
    if text:
        file.write_text(text)
    settings.TOR_NETWORKS = str(file)
    assert hosting.origin("192.0.2.1") == ""
    assert "wrong.txt" in caplog.text
