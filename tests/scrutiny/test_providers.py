import pytest

from scrutiny import domains, providers


@pytest.mark.parametrize("domain", ["gmail.com", "GMX.de", "yahoo.com.pk", "proton.me"])
def test_large_providers_are_known_in_clear_and_by_their_index(domain):
    assert providers.is_provider(domain)
    assert providers.is_provider_index(domains.index(domain.casefold()))


@pytest.mark.parametrize("domain", ["river-watch.example", "gmail.com.river-watch.example", ""])
def test_others_are_not(domain):
    assert not providers.is_provider(domain)
    assert not providers.is_provider_index(domains.index(domain))


def test_the_list_holds_registrable_domains_as_attempts_are_counted_by():
    assert {domains.registrable(f"ada@{domain}") for domain in providers.PROVIDERS} == providers.PROVIDERS


def test_another_index_key_makes_other_indexes(settings):
    before = domains.index("gmail.com")
    settings.INDEX_KEY = b"k" * 32
    assert not providers.is_provider_index(before)
    assert providers.is_provider_index(domains.index("gmail.com"))
