import pytest
from django.test import Client

from letters.models import Role
from signatories.enrolled import enrolling
from tests import cast, entering

ALL = "/desk/letters/clean-rivers/invalidations/"
ASKED = {"domain": "bots.example", "ground": "fake", "reason": "One domain, one hour, one name."}


@pytest.fixture
def letter(db):
    """A letter under which two people and some bots stand."""
    letter = cast.clean_rivers()
    cast.confirmed(letter, name="Eve Adeyemi", email="eve@mail.example")
    cast.confirmed(letter, name="Adam Botha", email="adam@mail.example")
    return letter


@pytest.fixture
def bots(letter):
    """Make some bots sign."""

    def sign(count, **changes):
        made = [
            cast.confirmed(
                letter, **{"name": f"Bot {number} Smith", "email": f"b{number}@bots.example"} | changes
            )
            for number in range(count)
        ]
        enrolling.enrol(at_once=True)
        return made

    return sign


@pytest.fixture
def moderator(letter):
    """Sign one in who moderates the letter."""

    def enter(name="Esra", kind=Role.Kind.MODERATOR):
        client = Client()
        entering.enter(client, cast.esra(letter, kind, name=name))
        return client

    return enter
