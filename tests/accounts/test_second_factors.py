import re
import time

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Session, Trail, User
from tests import cast, entering, walking
from tests.entering import digits

pytestmark = [pytest.mark.once, pytest.mark.django_db]

LOGIN, PROOF, DESK, FACTORS = "/accounts/login/", "/accounts/2fa/authenticate/", "/desk/", "/accounts/2fa/"
APP = "/accounts/2fa/app/"
# Pages on which nothing is seen or done but signing in and setting up
OPEN = ("accounts/",)


def password(client, user):
    return client.post(LOGIN, {"login": user.email, "password": cast.PASSWORD})


@pytest.fixture
def secret(client, chidi, sign_in):
    """Chidi has signed in for the first time and set up an app, whose secret this is."""
    sign_in(chidi)
    secret = re.search(r'class="secret">(\w+)<', client.get(APP).content.decode())[1]
    assert client.post(APP, {"code": digits(secret)}).url == "/accounts/2fa/codes/"
    return secret


@pytest.fixture
def half_a_minute(fresh_cache):
    """Call it where, in life, new digits would show: which ones were used is kept in the cache."""
    return fresh_cache


@pytest.fixture
def codes(client, secret):
    return re.findall(r"<code>(\d+)</code>", client.get("/accounts/2fa/codes/").content.decode())


class TestNobodyWithout:
    def test_t22_no_page_of_the_staffs_opens_without_one(self):
        owner = User.objects.create_superuser("owner@desk.example", cast.PASSWORD)
        values = walking.cast_of(cast.clean_rivers())
        client, before, answers = Client(), Trail.objects.count(), {}
        client.force_login(owner)
        for route in walking.ROUTES:
            if route.startswith(walking.STAFF) and not route.startswith(OPEN):
                path = walking.fill_in(route, values)
                for method in (client.get, client.post):
                    answers[route, method.__name__] = method(path)
        opened = [
            asked
            for asked, answer in answers.items()
            if (answer.status_code, answer.get("Location")) != (302, FACTORS)
        ]
        assert opened == []
        assert len(answers) > 200
        assert Trail.objects.count() == before

    def test_setting_one_up_opens_the_desk_at_once(self, client, secret):
        assert client.get(DESK).status_code == 200

    def test_it_opens_no_other_session_that_had_begun_without(self, chidi, sign_in, client, box, secret):
        other = Client()
        other.force_login(chidi)
        assert other.get(APP).url == LOGIN
        assert other.get(DESK).url.startswith(LOGIN)

    def test_the_password_alone_does_not_prove_it_again(self, client, chidi, secret, monkeypatch):
        later = time.time() + 301
        monkeypatch.setattr("accounts.proving.time.time", lambda: later)
        ask = client.get("/accounts/2fa/codes/new/")
        assert client.get(ask.url).url.startswith("/accounts/2fa/reauthenticate/")
        answer = client.post("/accounts/reauthenticate/", {"password": cast.PASSWORD})
        assert answer.url.startswith("/accounts/2fa/reauthenticate/")

    def test_t22_nobody_takes_the_factor_or_the_mailbox_of_somebody_else(self, chidi, secret):
        owner, esra = User.objects.create_superuser("owner@desk.example", cast.PASSWORD), Client()
        entering.enter(esra, owner)
        factor = Authenticator.objects.filter(type="totp").get()
        assert esra.post(f"/admin/mfa/authenticator/{factor.pk}/delete/", {"post": "yes"}).status_code == 404
        place = reverse("admin:accounts_user_change", args=[chidi.pk])
        esra.post(place, {"email": "eve@evil.example", "name": "Chidi", "is_active": "on", "is_staff": "on"})
        assert User.objects.get(pk=chidi.pk).email == chidi.email

    def test_asvs30_the_admin_has_no_second_door_to_a_new_password(self, client, secret):
        answer = client.post("/admin/password_change/", {"old_password": "guess"})
        assert answer.url == "/accounts/password/change/"

    def test_the_last_one_stays(self, client, secret):
        assert b"Set up another way first" in client.get("/accounts/2fa/app/remove/").content
        client.post("/accounts/2fa/app/remove/")
        assert Authenticator.objects.filter(type="totp").exists()
        Authenticator.objects.filter(type="totp").update(type="webauthn")
        key = Authenticator.objects.get(type="webauthn")
        client.post(f"/accounts/2fa/keys/{key.pk}/remove/")
        assert Authenticator.objects.filter(pk=key.pk).exists()

    def test_asvs22_after_some_minutes_it_is_asked_again_before_anything_changes(
        self, client, secret, monkeypatch
    ):
        later = time.time() + 301
        monkeypatch.setattr("accounts.proving.time.time", lambda: later)
        for page in ("/accounts/2fa/codes/", "/accounts/2fa/codes/new/", "/accounts/2fa/keys/add/"):
            assert client.get(page).url.startswith("/accounts/reauthenticate/"), page


class TestSigningIn:
    def test_the_password_leads_to_the_second_factor_and_mails_no_code(self, client, chidi, secret, box):
        before, stranger = len(box.mails()), Client()
        assert password(stranger, chidi).url == PROOF
        assert stranger.get(PROOF).status_code == 200
        assert stranger.get(DESK).status_code == 302
        assert len(box.mails()) == before

    def test_the_apps_digits_open_the_desk(self, chidi, secret, half_a_minute):
        stranger = Client()
        password(stranger, chidi)
        assert stranger.post(PROOF, {"code": digits(secret, ahead=1)}).status_code == 200
        Authenticator.objects.filter(type="recovery_codes").delete()
        half_a_minute()
        assert stranger.post(PROOF, {"code": digits(secret)}).url == DESK
        assert stranger.get(DESK).status_code == 200

    def test_asvs28_the_same_digits_open_it_once(self, chidi, secret, half_a_minute):
        strangers = [Client(), Client()]
        for stranger in strangers:
            password(stranger, chidi)
        half_a_minute()
        same = digits(secret)
        opened = [stranger.post(PROOF, {"code": same}).status_code == 302 for stranger in strangers]
        assert opened == [True, False]

    def test_asvs29_each_recovery_code_opens_it_once(self, chidi, codes):
        assert len(set(codes)) == 10
        for number, opens in ((0, True), (0, False), (1, True)):
            stranger = Client()
            password(stranger, chidi)
            assert (stranger.post(PROOF, {"code": codes[number]}).status_code == 302) is opens

    def test_asvs31_five_wrong_codes_and_it_is_closed_for_a_while(self, chidi, secret):
        stranger = Client()
        password(stranger, chidi)
        for _ in range(5):
            stranger.post(PROOF, {"code": "000000"})
        assert b"Too many failed" in stranger.post(PROOF, {"code": digits(secret)}).content

    def test_asvs27_a_forgotten_password_is_no_way_around_it(self, chidi, secret, box):
        stranger = Client()
        stranger.post("/accounts/password/reset/", {"email": chidi.email})
        form = stranger.get(box.link(), follow=True)
        new = "a-new-phrase-of-many-words"
        stranger.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
        assert stranger.get(DESK).status_code == 302
        assert stranger.post(LOGIN, {"login": chidi.email, "password": new}).url == PROOF


class TestKeeping:
    def test_secrets_are_sealed_and_sealed_anew_with_the_rest(
        self, secret, codes, settings, chidi, half_a_minute
    ):
        kept = str(list(Authenticator.objects.values_list("data", flat=True)))
        assert secret not in kept and not any(code in kept for code in codes)
        settings.FIELD_KEYS = [b"n" * 32, *settings.FIELD_KEYS]
        call_command("rotate_keys", verbosity=0)
        settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
        stranger = Client()
        password(stranger, chidi)
        half_a_minute()
        assert stranger.post(PROOF, {"code": digits(secret)}).url == DESK

    @pytest.mark.django_db(transaction=True)
    def test_what_changes_is_told_by_mail_and_names_no_address_of_the_visitors(self, client, secret, box):
        told = "".join(box.texts())
        assert "open your account at the desk from now on" in told
        assert "127.0.0.1" not in told and "IP" not in told

    def test_a_new_browser_is_told_by_mail_once(self, chidi, codes, box):
        visitor = Client()
        for times, code in ((1, codes[0]), (1, codes[1])):
            before = _new_browsers(box)
            password(visitor, chidi)
            visitor.post(PROOF, {"code": code})
            visitor.post("/accounts/logout/")
            assert _new_browsers(box) - before == (times if code == codes[0] else 0)


class TestSessions:
    def test_t30_where_one_is_signed_in_is_seen_and_ended(self, client, chidi, codes):
        lost = Client(headers={"User-Agent": "Mozilla/5.0 Firefox/145.0"})
        password(lost, chidi)
        lost.post(PROOF, {"code": codes[0]})
        assert lost.get(DESK).status_code == 200
        page = client.get("/accounts/sessions/").content.decode()
        assert "Firefox" in page and lost.cookies["sid"].value not in page
        mark = re.search(r'name="session" value="(\w+)"', page)[1]
        client.post("/accounts/sessions/", {"session": mark})
        assert lost.get(DESK).status_code == 302
        assert client.get(DESK).status_code == 200

    def test_t22_a_copy_of_the_database_signs_nobody_in(self, client, chidi, codes):
        key, kept = client.cookies["sid"].value, Session.objects.get().session_key
        assert key not in kept
        thief = Client()
        thief.cookies["sid"] = kept
        assert thief.get(DESK).status_code == 302
        assert client.get(DESK).status_code == 200

    def test_all_others_are_ended_at_once(self, client, chidi, codes):
        others = [Client(), Client()]
        for other, code in zip(others, codes, strict=False):
            password(other, chidi)
            other.post(PROOF, {"code": code})
        client.post("/accounts/sessions/")
        assert [other.get(DESK).status_code for other in others] == [302, 302]
        assert client.get(DESK).status_code == 200

    def test_nobody_ends_somebody_elses(self, client, chidi, codes):
        esra, page = User.objects.create_superuser("esra@desk.example", cast.PASSWORD), Client()
        page.force_login(esra)
        mark = page.get(reverse("account_sessions")) and esra.sessions.get().session_key
        client.post("/accounts/sessions/", {"session": mark})
        assert esra.sessions.count() == 1


def _new_browsers(box):
    return sum("not seen before" in text for text in box.texts())
