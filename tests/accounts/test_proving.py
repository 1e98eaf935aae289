"""What can hardly be undone asks again who is there; approving asks for a passkey."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import User
from letters.models import Letter, Role
from letters.writing import propose
from tests import cast, entering

pytestmark = pytest.mark.django_db

EXPORT = "/desk/letters/night-trains/exports/1/take/"
PUBLISH = "/desk/letters/night-trains/draft/publish/"
TOTP, PASSKEY = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN


def owner(letter, name="esra"):
    user = User.objects.create_user(f"{name}@desk.example", cast.PASSWORD, name=name, is_staff=True)
    Role.objects.create(letter=letter, user=user, kind=Role.Kind.OWNER)
    return user


def browser(user, **how):
    client = Client()
    entering.enter(client, user, **how)
    return client


@pytest.fixture
def letter(db):
    return cast.letter("night-trains", "Keep the Night Trains")


@pytest.fixture
def proposed(db):
    letter = cast.night_trains()
    propose(letter, by=owner(letter, "dunya"))
    return letter


class TestTakingOut:
    def test_asvs22_whoever_came_in_minutes_ago_is_not_asked_again(self, letter):
        assert browser(owner(letter), minutes_ago=4).post(EXPORT).status_code == 404  # nothing was asked for

    def test_asvs22_later_one_proves_first_to_be_there(self, letter):
        answer = browser(owner(letter), minutes_ago=6).post(EXPORT)
        assert answer.url == "/accounts/reauthenticate/?next=%2Fdesk%2Fletters%2Fnight-trains%2Fexports%2F"

    def test_the_page_says_why_it_asks(self, letter):
        user = owner(letter)
        entering.give_app(user)
        answer = browser(user, minutes_ago=6).post(EXPORT, follow=True)
        assert "show first that it is you" in answer.content.decode()

    def test_a_code_of_the_app_proves_it(self, letter):
        user = owner(letter)
        entering.give_app(user)
        client = browser(user, minutes_ago=6)
        asked = client.post(EXPORT, follow=True)
        answer = client.post(asked.redirect_chain[-1][0], {"code": entering.digits()})
        assert answer.url == "/desk/letters/night-trains/exports/"
        assert client.post(EXPORT).status_code == 404


class TestApproving:
    def test_a_passkey_shown_minutes_ago_publishes(self, proposed):
        browser(owner(proposed), by=PASSKEY).post(PUBLISH, cast.seen(proposed))
        assert Letter.objects.get(pk=proposed.pk).is_public()

    def test_a_code_of_an_app_does_not(self, proposed):
        answer = browser(owner(proposed), by=TOTP).post(PUBLISH)
        assert answer.url == "/accounts/2fa/keys/"
        assert not Letter.objects.get(pk=proposed.pk).is_public()

    def test_whoever_has_a_passkey_is_asked_for_it(self, proposed):
        user = owner(proposed)
        Authenticator.objects.create(user=user, type=PASSKEY, data={"name": "Key", "credential": {}})
        answer = browser(user, by=PASSKEY, minutes_ago=6).post(PUBLISH)
        assert answer.url.startswith(
            "/accounts/reauthenticate/?next=%2Fdesk%2Fletters%2Fnight-trains%2Fdraft"
        )
        assert not Letter.objects.get(pk=proposed.pk).is_public()
