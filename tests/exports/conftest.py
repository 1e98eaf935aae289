import pytest
from django.test import Client

from accounts.models import User
from exports import building
from exports.models import Export
from letters.models import Role
from signatories.models import Visibility
from tests import cast, entering

ASKED = {"profile": "press", "format": "csv", "why": "The evening paper asked for it.", "propose": "1"}


def staff(name, kind, letter, **how):
    """Somebody with a role on the letter, and the browser in which they are signed in."""
    user = User.objects.create_user(f"{name}@desk.example", cast.PASSWORD, name=name.title(), is_staff=True)
    Role.objects.create(letter=letter, user=user, kind=kind)
    client = Client()
    client.user = user
    entering.enter(client, user, **how)
    return client


@pytest.fixture
def letter(db):
    """Signed by Bela publicly, by Rosa for the governments' eyes, by Carla to be counted only."""
    letter = cast.clean_rivers()
    cast.bela(letter)
    cast.confirmed(letter, name="Rosa Tellez", email="rosa@mail.example", visibility=Visibility.RECIPIENT)
    cast.confirmed(letter, name="Carla Canary", email="carla@mail.example", visibility=Visibility.COUNTED)
    cast.ada(letter)
    return letter


@pytest.fixture
def esra(letter):
    return staff("esra", Role.Kind.EXPORTER, letter)


@pytest.fixture
def dunya(letter):
    return staff("dunya", Role.Kind.OWNER, letter)


@pytest.fixture
def ask(esra, dunya):
    """Esra asks for a list, and it is built."""

    def ask(**changes):
        answer = esra.post("/desk/letters/clean-rivers/exports/new/", ASKED | changes)
        assert answer.status_code == 302, answer.content.decode()
        export = Export.objects.latest("pk")
        building.build(export.pk)
        export.refresh_from_db()
        return export

    return ask


@pytest.fixture
def post():
    """Press a button of an export."""

    def post(client, export, act, **fields):
        return client.post(f"/desk/letters/{export.letter.slug}/exports/{export.pk}/{act}/", fields)

    return post
