import pytest

from signatories.enrolled import enrolling
from signatories.models import Visibility
from tests import cast
from tests.postbox import open_postbox


@pytest.fixture
def postbox(settings):
    """A mail server that takes everything, to which EMAIL_URL leads."""
    with open_postbox() as postbox:
        settings.EMAIL_URL = postbox.url
        yield postbox


@pytest.fixture(autouse=True)
def own_papers(settings, tmp_path_factory):
    """A certificate of the test run's own, and an operator who may let names leave."""
    settings.PDF_CERTIFICATE = str(tmp_path_factory.getbasetemp() / "certificate.p12")
    settings.OPERATOR_MAY_RELEASE = True


@pytest.fixture
def letter(db):
    """Signed by Bela publicly, by Rosa for the governments' eyes, by Carla to be counted only."""
    letter = cast.clean_rivers()
    cast.bela(letter)
    cast.confirmed(
        letter, name="Rosa Villacorta", email="rosa@canary.example", visibility=Visibility.RECIPIENT
    )
    cast.confirmed(letter, name="Carla Canary", email="carla@canary.example", visibility=Visibility.COUNTED)
    cast.ada(letter, name="Ada Unconfirmed", email="ada@canary.example")
    enrolling.enrol(at_once=True)
    return letter
