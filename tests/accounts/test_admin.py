import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import Trail, User
from tests import cast, entering

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    owner = User.objects.create_superuser("esra@desk.example", cast.PASSWORD)
    entering.enter(client, owner)
    return owner


def test_who_is_given_an_account_sets_the_password_alone(client, owner, box):
    answers = {"email": "Dunya@Desk.Example", "name": "Dunya", "is_active": "on", "is_staff": "on"}
    client.post(reverse("admin:accounts_user_add"), answers)
    dunya = User.objects.get(email="dunya@desk.example")
    assert not dunya.has_usable_password()
    assert box.link().startswith("/accounts/password/reset/key/")
    line = Trail.objects.get()
    assert (line.who, line.what, line.about_id) == (owner, "account given", dunya.pk)
    assert "@" not in str(line.detail)


def test_an_account_is_closed_and_never_deleted(client, owner, chidi):
    place = reverse("admin:accounts_user_change", args=[chidi.pk])
    client.post(place, {"email": chidi.email, "name": chidi.name, "is_staff": "on"})
    chidi.refresh_from_db()
    assert not chidi.is_active
    gone = client.post(reverse("admin:accounts_user_delete", args=[chidi.pk]), {"post": "yes"})
    assert gone.status_code == 403


def test_nobody_raises_themselves(client, chidi):
    chidi.user_permissions.add(*Permission.objects.filter(content_type__model="user"))
    entering.enter(client, chidi)
    answers = {"email": chidi.email, "name": chidi.name, "is_active": "on", "is_superuser": "on"}
    client.post(reverse("admin:accounts_user_change", args=[chidi.pk]), answers)
    chidi.refresh_from_db()
    assert not chidi.is_superuser


def test_t22_no_superuser_makes_another(client, owner, chidi):
    place = reverse("admin:accounts_user_change", args=[chidi.pk])
    answers = {"email": chidi.email, "name": "Chidi", "is_active": "on", "is_superuser": "on"}
    assert client.post(place, answers).status_code == 302
    chidi.refresh_from_db()
    assert (chidi.name, chidi.is_superuser) == ("Chidi", False)


def test_t22_asvs22_whoever_repairs_proves_to_be_there(owner, chidi):
    client = Client()
    entering.enter(client, owner, minutes_ago=6)
    place = reverse("admin:accounts_user_change", args=[chidi.pk])
    answer = client.post(place, {"email": chidi.email, "name": "Eve"})
    assert answer.url.startswith("/accounts/reauthenticate/?next=%2Fadmin%2Faccounts%2Fuser%2F")
    chidi.refresh_from_db()
    assert (chidi.name, chidi.is_active) == ("Chidi Eze", True)
    assert client.get(place).status_code == 200


def test_the_trail_is_looked_at_only(client, owner):
    assert client.get(reverse("admin:accounts_trail_changelist")).status_code == 200
    assert client.get(reverse("admin:accounts_trail_add")).status_code == 403
