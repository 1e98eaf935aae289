import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from signatories import neighbours
from signatories.judging import suspecting
from signatories.models import Signature
from tests import cast, entering

pytestmark = pytest.mark.django_db

NETWORK = "5e" * 32
DOMAIN = "d0" * 32


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def desk(client, letter):
    entering.enter(client, cast.chidi(letter))
    return client


def signed(letter, name, **known) -> Signature:
    row = cast.confirmed(letter, email=f"{name.lower()}@{name.lower()}.example", name=f"{name} Okafor")
    Signature.objects.filter(pk=row.pk).update(
        **({"network": None, "domain": None, "name_key": None} | known)
    )
    return cast.fresh(row)


@pytest.fixture
def uche(letter):
    row = signed(letter, "Uche", network=NETWORK, domain=DOMAIN)
    suspecting.hold([row], reason="Many at once.")
    return cast.fresh(row)


def found(signature):
    return {group.shared: tuple(group[1:]) for group in neighbours.of(signature, most=5)}


class TestFinding:
    def test_each_thing_shared_with_what_stands_and_what_waits(self, letter, uche):
        ngozi = signed(letter, "Ngozi", network=NETWORK)
        signed(letter, "Emeka", domain=DOMAIN)
        suspecting.hold([ngozi], reason="Many at once.")
        assert found(uche) == {"domain": (1, 0, []), "network": (0, 1, [ngozi.pk])}

    def test_only_under_this_letter(self, uche):
        signed(cast.quiet_streets(), "Ngozi", network=NETWORK, domain=DOMAIN)
        assert found(uche) == {"domain": (0, 0, []), "network": (0, 0, [])}

    def test_a_network_that_is_forgotten_has_no_neighbours(self, letter):
        signed(letter, "Ngozi")
        assert found(signed(letter, "Emeka")) == {}


class TestTheDesk:
    def test_from_the_row_to_the_neighbours_to_the_preview(self, desk, letter, uche):
        ngozi = signed(letter, "Ngozi", network=NETWORK)
        suspecting.hold([ngozi], reason="Many at once.")
        queue = f"/desk/letters/{letter.slug}/queue/"
        address = f"/desk/letters/{letter.slug}/signatures/{uche.public_id}/neighbours/"
        assert address in desk.get(queue).content.decode()
        seen = desk.get(address).content.decode()
        assert "Ngozi Okafor" in seen and "The same network" in seen
        assert not any(kept in seen for kept in (NETWORK, DOMAIN, "@ngozi.example"))
        ticked = {"signature": [uche.public_id, ngozi.public_id]}
        assert "2 signatures." in " ".join(desk.post(f"{queue}together/", ticked).content.decode().split())

    def test_it_costs_no_more_with_more_neighbours(self, desk, letter, uche):
        def cost(*names):
            rows = [signed(letter, name, network=NETWORK, domain=DOMAIN) for name in names]
            suspecting.hold(rows, reason="Many at once.")
            with CaptureQueriesContext(connection) as asked:
                desk.get(address)
            return len(asked)

        address = f"/desk/letters/{letter.slug}/signatures/{uche.public_id}/neighbours/"
        cost("Chinua")
        assert cost("Ngozi", "Emeka", "Ada") == cost("Ifeoma", "Obinna")
