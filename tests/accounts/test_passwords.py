import pytest
from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from accounts.models import Trail, User
from tests import cast, entering
from tests.conftest import REAL_COST

pytestmark = pytest.mark.django_db

RESET, NEW = "/accounts/password/reset/", "a-new-phrase-of-many-words"


def set_password(client, link):
    form = client.get(link, follow=True)
    return client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})


class TestForgetting:
    def test_the_link_from_the_mail_sets_a_new_one(self, client, chidi, box):
        client.post(RESET, {"email": chidi.email})
        assert set_password(client, box.link()).url == "/accounts/password/reset/key/done/"
        chidi.refresh_from_db()
        assert chidi.check_password(NEW)

    def test_it_is_no_way_around_the_code(self, client, chidi, box):
        client.post(RESET, {"email": chidi.email})
        set_password(client, box.link())
        assert client.get("/desk/").status_code == 302
        assert client.post("/accounts/login/", {"login": chidi.email, "password": NEW}).url.endswith(
            "/code/confirm/"
        )
        assert client.get("/desk/").status_code == 302

    def test_t02_known_and_unknown_addresses_get_one_answer(self, client, chidi, box):
        known = client.post(RESET, {"email": chidi.email})
        unknown = client.post(RESET, {"email": "nobody@desk.example"})
        assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
        assert client.get(known.url).status_code == 200
        assert [mail["To"] for mail in box.mails()] == [chidi.email]

    def test_the_link_is_on_our_own_address_whatever_host_was_named(self, client, chidi, box, settings):
        client.post(RESET, {"email": chidi.email}, headers={"host": "127.0.0.1"})
        assert f"{settings.SITE_URL}/accounts/password/reset/key/" in box.text()

    def test_the_link_works_once(self, client, chidi, box):
        client.post(RESET, {"email": chidi.email})
        link = box.link()
        set_password(client, link)
        assert b"used already" in client.get(link, follow=True).content

    def test_looking_at_the_link_changes_no_password(self, client, chidi, box):
        client.post(RESET, {"email": chidi.email})
        client.get(box.link(), follow=True)
        chidi.refresh_from_db()
        assert chidi.check_password(cast.PASSWORD)


class TestChoosing:
    @pytest.mark.parametrize("password", ["short-words", "1q2w3e4r5t6y", "chidi@desk.example"])
    def test_short_common_and_own_ones_are_refused(self, chidi, password):
        with pytest.raises(ValidationError):
            get_adapter().clean_password(password, user=chidi)

    @pytest.mark.parametrize("password", ["twelve chars", "چار لفظ جو ساتھ نہیں آتے", "x y " * 32])
    def test_long_ones_of_any_characters_are_taken(self, chidi, password):
        assert get_adapter().clean_password(password, user=chidi) == password

    def test_t21_they_are_kept_by_argon2(self, chidi):
        assert chidi.password.startswith("argon2$argon2id$")
        passes, kibibytes = REAL_COST
        assert passes >= 2 and kibibytes >= 19 * 1024  # OWASP, Password Storage Cheat Sheet: the least

    def test_changing_it_keeps_this_session_alone(self, client, chidi, box):
        entering.enter(client, chidi)
        answers = {"oldpassword": cast.PASSWORD, "password1": NEW, "password2": NEW}
        assert client.post("/accounts/password/change/", answers).status_code == 302
        assert client.get("/desk/").status_code == 200


class TestFirstOwner:
    def test_the_operator_makes_the_first_account(self, client, box):
        call_command("first_owner", "Esra@Desk.Example", name="Esra Olander", verbosity=0)
        owner = User.objects.get()
        assert (owner.email, owner.is_superuser) == ("esra@desk.example", True)
        assert not owner.has_usable_password()
        assert [mail["To"] for mail in box.mails()] == ["esra@desk.example"]
        set_password(client, box.link())
        owner.refresh_from_db()
        assert owner.check_password(NEW)
        assert Trail.objects.get().who is None

    def test_but_no_second_one(self, chidi):
        with pytest.raises(CommandError):
            call_command("first_owner", "eve@evil.example")
        assert User.objects.get() == chidi

    def test_and_none_for_what_is_no_address(self, db):
        with pytest.raises(CommandError):
            call_command("first_owner", "esra")
        assert not User.objects.exists()
