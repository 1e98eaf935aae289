import pytest

from tests import cast
from tests.box import Box


@pytest.fixture
def box(settings, tmp_path):
    return Box(settings, tmp_path / "mail")


@pytest.fixture
def chidi(db):
    return cast.chidi()


@pytest.fixture
def sign_in(client, box):
    """Sign in as staff do: address and password, then the code from the mail."""

    def sign_in(user, *, after=""):
        answers = {"login": user.email, "password": cast.PASSWORD, "next": after}
        client.post("/accounts/login/", answers)
        return client.post("/accounts/login/code/confirm/", {"code": box.code(), "next": after})

    return sign_in
