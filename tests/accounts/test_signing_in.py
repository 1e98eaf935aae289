import time
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.core.cache import caches
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts import checks
from accounts.models import Session, User
from accounts.sessions import kept_as
from tests import cast, entering

pytestmark = [pytest.mark.once, pytest.mark.django_db]

LOGIN, CODE, DESK = "/accounts/login/", "/accounts/login/code/confirm/", "/desk/"
SECOND_FACTOR = "/accounts/2fa/"

# Places on other hosts, or that browsers may take for one
EVIL = [
    "//evil.example", "///evil.example", "////evil.example", "https://evil.example", "http:evil.example",
    "https:evil.example", "http:/evil.example", "/\\evil.example", "\\/evil.example", "\\\\evil.example",
    "/%09/evil.example", "/\t/evil.example", "\t//evil.example", " //evil.example", "//evil.example/%2f..",
    "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,evil", "vbscript:evil", "//evil.example@x",
    "https://testserver@evil.example", "https://testserver.evil.example", "//testserver@evil.example",
    "/\r\nLocation: https://evil.example", "%0d%0aLocation:https://evil.example", "ftp://evil.example",
    "//[::1]/", "https://testserver/desk/", "//testserver/desk/", "//localhost:1234/",
]  # fmt: skip


def is_signed_in(client):
    return client.get(DESK).status_code == 200


class TestPasswordAndCode:
    def test_both_lead_no_further_than_to_setting_up_a_second_factor(self, client, chidi, sign_in):
        sign_in(chidi)
        assert client.get(DESK).url == SECOND_FACTOR
        assert client.get(SECOND_FACTOR).status_code == 200

    def test_the_password_alone_does_not(self, client, chidi, box):
        response = client.post(LOGIN, {"login": chidi.email, "password": cast.PASSWORD})
        assert response.url == CODE
        assert not is_signed_in(client)
        assert [mail["To"] for mail in box.mails()] == [chidi.email]

    def test_the_code_alone_cannot_be_asked_for(self, client, chidi, box):
        assert client.get("/accounts/login/code/").status_code == 404
        assert client.post("/accounts/login/code/", {"email": chidi.email}).status_code == 404
        assert client.get(CODE).url == LOGIN
        assert client.post(CODE, {"code": "BBBB-BBBB"}).url == LOGIN
        assert client.post(LOGIN, {"login": chidi.email}).status_code == 200
        assert box.mails() == []

    def test_three_wrong_codes_and_it_begins_again(self, client, chidi, box):
        client.post(LOGIN, {"login": chidi.email, "password": cast.PASSWORD})
        assert [client.post(CODE, {"code": "BBBB-BBBB"}).status_code for _ in range(3)] == [200, 200, 302]
        assert client.post(CODE, {"code": box.code()}).url == LOGIN
        assert not is_signed_in(client)

    def test_a_code_is_good_once_and_in_one_browser(self, client, chidi, box, sign_in):
        sign_in(chidi)
        code = box.code()
        client.post("/accounts/logout/")
        client.post(LOGIN, {"login": chidi.email, "password": cast.PASSWORD})
        assert client.post(CODE, {"code": code}).status_code == 200
        assert not is_signed_in(client)

    def test_the_session_has_a_new_name_afterwards(self, client, chidi, box):
        client.post(LOGIN, {"login": chidi.email, "password": cast.PASSWORD})
        before = client.cookies["sid"].value
        client.post(CODE, {"code": box.code()})
        assert client.cookies["sid"].value != before
        assert not Session.objects.filter(session_key=kept_as(before)).exists()

    def test_letter_case_of_the_address_does_not_matter(self, client, box):
        user = User.objects.create_user("Dunya.Rahimi@Desk.Example", cast.PASSWORD)
        response = client.post(LOGIN, {"login": "dunya.RAHIMI@desk.example", "password": cast.PASSWORD})
        assert response.url == CODE
        assert user.email == "dunya.rahimi@desk.example"


class TestNobodyElse:
    def test_t02_nobody_signs_up(self, client):
        answers = {"email": "eve@evil.example", "password1": cast.PASSWORD, "password2": cast.PASSWORD}
        assert b"given, not taken" in client.get("/accounts/signup/").content
        client.post("/accounts/signup/", answers)
        assert not User.objects.exists()

    @pytest.mark.parametrize(
        "page", ["email", "phone/change", "phone/verify", "connections", "social/signup"]
    )
    def test_pages_that_are_not_offered_do_not_exist(self, client, chidi, page):
        entering.enter(client, chidi)
        assert client.get(f"/accounts/{page}/").status_code == 404

    def test_allauth_can_be_asked_for_nothing_more(self):
        for name in ("account_email", "account_change_phone", "account_request_login_code"):
            with pytest.raises(NoReverseMatch):
                reverse(name)

    def test_t02_an_unknown_address_looks_like_a_wrong_password(self, client, chidi, box):
        known = client.post(LOGIN, {"login": chidi.email, "password": "wrong-wrong-wrong"})
        unknown = client.post(LOGIN, {"login": "nobody@desk.example", "password": "wrong-wrong-wrong"})
        assert known.status_code == unknown.status_code == 200
        assert _without(known, chidi.email) == _without(unknown, "nobody@desk.example")
        assert box.mails() == []

    def test_the_sixth_wrong_password_is_one_too_many(self, client, chidi):
        for _ in range(5):
            client.post(LOGIN, {"login": chidi.email, "password": "wrong-wrong-wrong"})
        response = client.post(LOGIN, {"login": chidi.email, "password": cast.PASSWORD})
        assert response.status_code == 200
        assert b"Too many failed login attempts" in response.content

    def test_a_forged_header_does_not_reset_the_limit(self, client):
        for number in range(30):
            client.post(LOGIN, {}, headers={"X-Forwarded-For": f"198.51.100.{number}"})
        response = client.post(LOGIN, {}, headers={"X-Forwarded-For": "203.0.113.9"})
        assert response.status_code == 429

    def test_a_cache_that_forgets_is_refused(self, settings):
        settings.DEBUG = False
        assert checks.cache_counts_for_all() == []
        for backend in checks.FORGETFUL:
            settings.CACHES = {"default": {"BACKEND": backend}}
            assert [error.id for error in checks.cache_counts_for_all()] == ["accounts.E001"]
        settings.DEBUG = True
        assert checks.cache_counts_for_all() == []

    def test_limits_and_addresses_are_counted_with_one_number_of_proxies(self):
        assert configured.ALLAUTH_TRUSTED_PROXY_COUNT == configured.TRUSTED_PROXY_COUNT
        assert "redis" in type(caches["default"]).__module__


class TestGoingOn:
    def test_a_path_of_ours_is_gone_on_to(self, chidi, sign_in):
        assert sign_in(chidi, after="/desk/letters/clean-rivers/").url == "/desk/letters/clean-rivers/"

    @pytest.mark.parametrize("place", EVIL)
    def test_t15_nothing_leads_off_the_site(self, client, chidi, box, place):
        client.get(LOGIN, {"next": place})
        first = client.post(LOGIN, {"login": chidi.email, "password": cast.PASSWORD, "next": place})
        second = client.post(CODE, {"code": box.code(), "next": place})
        third = client.get(LOGIN, {"next": place})
        fourth = client.post("/accounts/logout/", {"next": place})
        for response in (first, second, third, fourth):
            assert response.status_code == 302
            path = response.url.partition("?")[0]
            assert path.startswith(("/desk/", "/accounts/", "/%09/"))


class TestSessions:
    @pytest.fixture
    def signed_in(self, client, chidi):
        entering.enter(client, chidi)
        assert is_signed_in(client)
        return client

    def set_clock(self, monkeypatch, ahead):
        now = time.time() + ahead.total_seconds()
        monkeypatch.setattr("accounts.middleware.time.time", lambda: now)

    def test_half_an_hour_of_rest_ends_it(self, signed_in):
        session = Session.objects.get()
        left = session.expire_date - timedelta(minutes=30)
        assert abs((left - timezone.now()).total_seconds()) < 60
        Session.objects.update(expire_date=timezone.now())
        assert not is_signed_in(signed_in)

    def test_work_moves_the_half_hour_along(self, signed_in, monkeypatch):
        Session.objects.update(expire_date=timezone.now() + timedelta(minutes=3))
        self.set_clock(monkeypatch, timedelta(minutes=27))
        assert is_signed_in(signed_in)
        assert Session.objects.get().expire_date > timezone.now() + timedelta(minutes=29)

    def test_twelve_hours_end_it_whatever_one_does(self, signed_in, monkeypatch):
        self.set_clock(monkeypatch, timedelta(hours=11, minutes=59))
        assert is_signed_in(signed_in)
        self.set_clock(monkeypatch, timedelta(hours=12))
        assert not is_signed_in(signed_in)
        assert not Session.objects.exists()

    def test_signing_out_kills_it_on_the_server_and_clears_the_browser(self, signed_in):
        stolen = signed_in.cookies["sid"].value
        response = signed_in.post("/accounts/logout/")
        assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
        signed_in.cookies["sid"] = stolen
        assert not is_signed_in(signed_in)

    def test_looking_at_the_page_signs_nobody_out(self, signed_in):
        assert signed_in.get("/accounts/logout/").status_code == 200
        assert is_signed_in(signed_in)

    def test_a_new_password_ends_other_sessions(self, signed_in, chidi):
        chidi.set_password("another-long-enough-phrase")
        chidi.save()
        assert not is_signed_in(signed_in)

    def test_t22_whoever_is_disabled_is_out_at_once(self, signed_in, chidi):
        User.objects.filter(pk=chidi.pk).update(is_active=False)
        assert not is_signed_in(signed_in)

    def test_whoever_is_disabled_does_not_come_in(self, client, chidi, box):
        User.objects.filter(pk=chidi.pk).update(is_active=False)
        client.post(LOGIN, {"login": chidi.email, "password": cast.PASSWORD})
        assert box.mails() == []
        assert not is_signed_in(client)

    def test_whoever_is_disabled_before_the_code_stays_out(self, client, chidi, box):
        client.post(LOGIN, {"login": chidi.email, "password": cast.PASSWORD})
        User.objects.filter(pk=chidi.pk).update(is_active=False)
        client.post(CODE, {"code": box.code()})
        assert not is_signed_in(client)

    def test_no_cache_keeps_what_staff_see(self, signed_in):
        for page in (DESK, "/ur/desk/", "/accounts/password/change/", "/admin/"):
            assert signed_in.get(page).headers["Cache-Control"] == "no-store"

    def test_readers_get_no_cookie(self, client):
        assert not client.get("/").cookies


class TestAdmin:
    def test_its_own_door_is_closed(self, client, chidi):
        response = client.get("/admin/login/?next=/admin/")
        assert response.url == "/accounts/login/?next=%2Fadmin%2F"
        client.post("/admin/login/", {"username": chidi.email, "password": cast.PASSWORD})
        assert client.get("/admin/").status_code == 302

    def test_signed_in_is_not_enough_without_being_staff(self, client):
        user = User.objects.create_user("dunya@desk.example", cast.PASSWORD)
        entering.enter(client, user)
        assert client.get("/admin/login/?next=/admin/").status_code == 403


def _without(response, address):
    """The body but for what the visitor typed and the token of the form."""
    token = response.context["csrf_token"]
    return response.content.decode().replace(address, "").replace(str(token), "")
