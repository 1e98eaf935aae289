import pytest
from django.test import Client

from accounts.models import User
from letters.models import Letter, Role
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_home(settings):
    settings.DEBUG = True
    settings.ROOT_URLCONF = "tests.accounts.dev_site"


@pytest.fixture
def chidi(db):
    return cast.chidi(cast.clean_rivers())


def is_signed_in(client):
    return client.get("/desk/").status_code == 200


def test_it_lists_who_works_here_with_their_letters(at_home, client, chidi):
    page = client.get("/dev/").content.decode()
    assert "Chidi Eze" in page and "clean-rivers" in page and "/dev/mail/" in page


def test_it_signs_in_as_one_of_them(at_home, client, chidi):
    response = client.post("/dev/", {"user": chidi.pk})
    assert (response.status_code, response.url) == (302, "/desk/")
    assert is_signed_in(client)


def test_who_came_in_here_can_do_what_takes_fresh_proof(at_home, client, chidi):
    letter = Letter.objects.get()
    Role.objects.create(letter=letter, user=chidi, kind=Role.Kind.OWNER)
    client.post("/dev/", {"user": chidi.pk})
    assert client.get("/desk/letters/clean-rivers/people/").status_code == 200


@pytest.mark.parametrize("user", ["", "0", "999999", "chidi", "²"])
def test_it_signs_in_as_nobody_else(at_home, client, chidi, user):
    assert client.post("/dev/", {"user": user}).status_code == 404
    assert not is_signed_in(client)


def test_looking_signs_nobody_in(at_home, client, chidi):
    client.get(f"/dev/?user={chidi.pk}")
    assert not is_signed_in(client)


def test_another_site_cannot_sign_anybody_in(at_home, chidi):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/dev/", {"user": chidi.pk}).status_code == 403
    assert not is_signed_in(client)


def test_whoever_is_disabled_is_not_among_them(at_home, client, chidi):
    User.objects.update(is_active=False)
    assert client.post("/dev/", {"user": chidi.pk}).status_code == 404


@pytest.mark.parametrize(
    "request_of_others",
    [
        {"REMOTE_ADDR": "198.51.100.7"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_HOST": "localhost"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
    ],
)
def test_it_is_for_this_machine_alone(at_home, client, chidi, request_of_others):
    assert client.get("/dev/", **request_of_others).status_code == 404
    assert client.post("/dev/", {"user": chidi.pk}, **request_of_others).status_code == 404


def test_asvs69_without_debug_it_does_not_exist(at_home, client, chidi, settings):
    settings.DEBUG = False
    assert client.post("/dev/", {"user": chidi.pk}).status_code == 404


def test_it_is_not_on_the_map_of_a_site_without_debug(client, chidi):
    assert client.get("/dev/").status_code == 404
