"""The badge beside an organisation's name, as readers see it."""

import pytest

from organisations.models import Evidence
from signatories.enrolled import enrolling
from tests import cast

pytestmark = pytest.mark.django_db

MARK = '<span class="mark">verified</span>'


@pytest.fixture
def union():
    letter = cast.clean_rivers()
    cast.bela(letter)
    found = cast.known_union(letter, email="harbour.workers@gmail.com", visibility="public")
    enrolling.enrol(at_once=True)
    return found


@pytest.mark.parametrize("path", ["/letters/clean-rivers/", "/letters/clean-rivers/signatories/"])
def test_it_comes_with_evidence_and_goes_with_it(client, union, fresh_cache, path):
    assert MARK not in client.get(path).content.decode()
    proof = union.evidence.create(kind=Evidence.Kind.DNS, seen="harbour-workers.org")
    fresh_cache()
    page = client.get(path).content.decode()
    assert page.count(MARK) == 1 and "something proves that the organisation is itself" in page
    assert page.index("Harbour Workers") < page.index(MARK)
    proof.delete()
    fresh_cache()
    assert MARK not in client.get(path).content.decode()
