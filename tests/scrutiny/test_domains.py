import pytest

from scrutiny import domains


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("ada@mail.okoye.example", "okoye.example"),
        ("ada@okoye.example", "okoye.example"),
        ("ada@a.b.okoye.co.uk", "okoye.co.uk"),
        ("ada@OKOYE.org", "okoye.org"),
        ("ada@co.uk", "co.uk"),
    ],
)
def test_subdomains_belong_to_the_domain_that_somebody_registered(email, domain):
    assert domains.registrable(email) == domain
