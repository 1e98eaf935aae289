import pytest

from scrutiny import disposable


@pytest.mark.parametrize("email", ["a@mailinator.com", "a@eu.mailinator.com", "A@MAILINATOR.COM"])
def test_addresses_that_are_thrown_away(email):
    assert disposable.is_disposable(email)


@pytest.mark.parametrize(
    "email",
    [
        "a@gmail.com", "a@slmail.me", "a@anonaddy.me", "a@ada.anonaddy.com", "a@duck.com",
        "a@privaterelay.appleid.com",
        "a@mozmail.com", "a@okoye.example", "nobody",
    ],
)  # fmt: skip
def test_aliases_of_people_at_risk_are_none(email):
    assert not disposable.is_disposable(email)
