"""Owners say who works on their letter; whoever is new gets an account by it."""

import threading

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Trail, User
from letters import staffing
from letters.models import Role
from tests import cast, entering
from tests.box import Box

pytestmark = pytest.mark.django_db

PEOPLE = "/desk/letters/night-trains/people/"
DUNYA = {"email": "Dunya@Desk.Example", "name": "Dunya", "kind": "author"}


def words(answer):
    return answer.content.decode()


@pytest.fixture
def letter(db):
    return cast.night_trains()


def browser(user, **how):
    client = Client()
    entering.enter(client, user, **how)
    return client


def member(letter, name, kind=Role.Kind.OWNER):
    user = User.objects.create_user(f"{name}@desk.example", cast.PASSWORD, name=name.title())
    Role.objects.create(letter=letter, user=user, kind=kind)
    return user


@pytest.fixture
def box(settings, tmp_path):
    return Box(settings, tmp_path / "mail")


@pytest.fixture
def esra(letter):
    return member(letter, "esra")


class TestGiving:
    def test_whoever_is_new_gets_an_account_and_a_mail(self, letter, esra, box):
        assert browser(esra).post(PEOPLE, DUNYA).url == PEOPLE
        dunya = User.objects.get(email="dunya@desk.example")
        assert (dunya.name, dunya.is_staff, dunya.is_superuser) == ("Dunya", False, False)
        assert not dunya.has_usable_password()
        assert [role.kind for role in dunya.roles.all()] == ["author"]
        assert box.link().startswith("/accounts/password/reset/key/")
        assert Trail.objects.filter(what__in=["account given", "role given"], who=esra).count() == 2

    def test_whoever_works_here_keeps_name_and_password(self, letter, esra):
        dunya = User.objects.create_user("dunya@desk.example", cast.PASSWORD, name="Dünya")
        browser(esra).post(PEOPLE, DUNYA)
        dunya.refresh_from_db()
        assert dunya.name == "Dünya"
        assert dunya.check_password(cast.PASSWORD)
        assert dunya.roles.get().kind == "author"

    def test_the_other_owners_hear_of_it_without_the_letter_s_name(self, letter, esra, box):
        member(letter, "farid")
        browser(esra).post(PEOPLE, DUNYA)
        (mail,) = [mail for mail in box.mails() if mail["To"] == "farid@desk.example"]
        assert "People" in mail.as_string()
        assert "night" not in mail.as_string().lower()

    @pytest.mark.parametrize(
        "changes, said",
        [
            ({"email": "dunya"}, "valid email address"),
            ({"kind": "king"}, "not one of the available choices"),
            ({"email": "esra@desk.example", "kind": "owner"}, "They have this role already."),
            ({"email": "gone@desk.example"}, "Their account is closed."),
        ],
    )
    def test_what_is_wrong_is_said_beside_the_field(self, letter, esra, changes, said):
        User.objects.create_user("gone@desk.example", is_active=False)
        before = Role.objects.count()
        answer = browser(esra).post(PEOPLE, DUNYA | changes)
        assert answer.status_code == 422
        assert said in words(answer)
        assert Role.objects.count() == before

    def test_t22_asvs22_a_role_is_given_by_who_has_just_shown_to_be_there(self, letter, esra):
        answer = browser(esra, minutes_ago=6).post(PEOPLE, DUNYA)
        assert answer.url.startswith("/accounts/reauthenticate/")
        assert not User.objects.filter(name="Dunya").exists()

    def test_t27_who_works_alone_is_told_to_invite_somebody(self, letter, esra):
        assert "You work on this letter alone." in words(browser(esra).get(PEOPLE))
        member(letter, "farid", Role.Kind.AUDITOR)
        assert "You work on this letter alone." not in words(browser(esra).get(PEOPLE))


class TestTaking:
    def test_a_role_that_is_taken_opens_nothing(self, letter, esra):
        dunya = member(letter, "dunya", Role.Kind.AUTHOR)
        client = browser(dunya)
        assert client.get("/desk/letters/night-trains/").status_code == 200
        browser(esra).post(f"{PEOPLE}{dunya.roles.get().pk}/take/")
        assert client.get("/desk/letters/night-trains/").status_code == 404
        assert Trail.objects.get(what="role taken").detail == {"user": dunya.pk, "kind": "author"}

    def test_the_last_owner_stays(self, letter, esra):
        answer = browser(esra).post(f"{PEOPLE}{esra.roles.get().pk}/take/", follow=True)
        assert "a letter keeps at least one owner" in words(answer)
        assert esra.roles.exists()

    def test_a_role_of_another_letter_is_not_found(self, letter, esra):
        other = member(cast.clean_rivers(), "farid").roles.get()
        assert browser(esra).post(f"{PEOPLE}{other.pk}/take/").status_code == 404
        assert Role.objects.filter(pk=other.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_remove_each_other_at_once_leave_one():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in at a time")
    letter = cast.night_trains()
    owners = [member(letter, name) for name in ("esra", "farid")]
    ready = threading.Barrier(2)

    def remove(role, by):
        ready.wait(timeout=10)
        try:
            staffing.take(role, by=by)
        except staffing.LastOwner:
            pass
        finally:
            connection.close()

    pairs = [(owners[1].roles.get(), owners[0]), (owners[0].roles.get(), owners[1])]
    threads = [threading.Thread(target=remove, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert letter.roles.filter(kind="owner").count() == 1
