"""Answers that no walk over the addresses meets: errors, files, redirects, and the site behind https."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import path

from accounts.models import User
from signatories import tokens
from tests import cast, entering, headers
from tests.accounts.test_signing_in import EVIL
from tests.faults.harness import environment_with
from tests.house.places import ROOT

pytestmark = pytest.mark.once


def failing(error):
    def view(request):
        raise error

    return view


# The site itself, and views that fail in each way
urlpatterns = [
    path("fails/400/", failing(SuspiciousOperation("x"))),
    path("fails/403/", failing(PermissionDenied("x"))),
    path("fails/404/", failing(Http404("x"))),
    path("fails/413/", lambda request: HttpResponse(status=413)),
    path("fails/500/", failing(ValueError("x"))),
    path("fails/503/", failing(OperationalError("x"))),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.broken"


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("status", [400, 403, 404, 413, 500, 503])
@pytest.mark.parametrize("language", headers.LANGUAGES)
def test_asvs01_a_failure_carries_every_header(visitor, settings, status, language):
    settings.ROOT_URLCONF = __name__
    answer = visitor.get(f"/fails/{status}/")
    assert answer.status_code == status
    headers.check(answer)
    elsewhere = visitor.get(f"{language}/nowhere/")
    assert elsewhere.status_code == 404
    headers.check(elsewhere)


@pytest.mark.django_db
class TestRefusals:
    def test_asvs01_a_host_that_is_not_ours(self, visitor, settings):
        for https in (False, True):
            settings.SECURE_SSL_REDIRECT = https
            answer = visitor.get("/", headers={"Host": "evil.example"})
            assert answer.status_code == 400
            headers.check(answer)

    def test_asvs01_a_method_that_is_not_taken(self, visitor):
        cast.clean_rivers()
        for answer in (
            visitor.put("/"),
            visitor.delete("/letters/clean-rivers/"),
            visitor.get("/letters/x/code/"),
        ):
            assert answer.status_code in {404, 405}
            headers.check(answer)

    def test_asvs01_a_closed_letter_and_an_expired_link(self, visitor):
        cast.bread_prices()
        attempt = cast.mail_has_left(cast.ada(cast.clean_rivers()), ago=timedelta(hours=73))
        for answer in (
            visitor.post("/letters/bread-prices/sign/"),
            visitor.get(f"/s/{tokens.make(tokens.CONFIRM, attempt)}/"),
        ):
            assert answer.status_code == 410
            headers.check(answer)

    def test_asvs01_a_form_with_errors(self, visitor):
        cast.clean_rivers()
        answer = visitor.post("/letters/clean-rivers/sign/", {"name": "x"})
        assert answer.status_code == 422
        headers.check(answer)

    def test_asvs01_one_sign_in_too_many(self, visitor):
        answers = [visitor.post("/accounts/login/", {}) for _ in range(31)]
        assert answers[-1].status_code == 429
        headers.check(answers[-1])

    def test_asvs01_a_password_link_that_is_none(self, visitor):
        for address in ("1-set-password", "zz-abc", "1-../../x"):
            headers.check(visitor.get(f"/accounts/password/reset/key/{address}/"))


FILES = {
    "css/site.css": 200,
    "js/copy.js": 200,
    "none.css": 404,
    "../config/settings.py": 404,
    "": 404,
    "css/": 404,
}


@pytest.mark.parametrize(("file", "status"), FILES.items())
def test_asvs01_static_files_carry_every_header_and_are_not_listed(settings, file, status):
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    answer = Client().get(f"/static/{file}")
    assert answer.status_code == status
    headers.check(answer)


@pytest.mark.parametrize("file", [".git/config", ".env", "var/env", "config/settings.py", "docs/security.md"])
def test_asvs53_no_file_of_the_house_is_served(file):
    for place in (f"/{file}", f"/static/../{file}", f"/static/%2e%2e/{file}"):
        assert Client().get(place).status_code in {400, 404}


LIKE_HOSTS = [
    "//evil.example", "/\\evil.example", "/%5Cevil.example", "//evil.example/%2e%2e", "/%2f%2fevil.example",
    "///evil.example", "/ur//evil.example", "/ur/\\evil.example", "/letters//evil.example",
    "/%0d%0aLocation:%20https://evil.example",
]  # fmt: skip


@pytest.mark.django_db
class TestRedirects:
    @pytest.mark.parametrize("place", EVIL)
    def test_t15_no_address_leads_off_the_host(self, visitor, place):
        cast.clean_rivers()
        staff = Client()
        entering.enter(staff, User.objects.create_superuser("owner@desk.example", cast.PASSWORD))
        answers = {"kind": "person", "name": "Ada Okoye", "email": cast.ADA, "country": "NG", "consent": "on"}
        for start in ("/accounts/login/", "/ur/accounts/login/", "/desk/", "/admin/login/", "/admin/", "/"):
            headers.check(visitor.get(start, {"next": place}))
            headers.check(staff.get(start, {"next": place}))
        for prefix in headers.LANGUAGES:
            signed = visitor.post(
                f"{prefix}/letters/clean-rivers/sign/",
                answers | {"next": place},
                query_params={"next": place},
            )
            assert signed.headers["Location"] == f"{prefix}/letters/clean-rivers/check-your-email/"
        headers.check(staff.post("/admin/logout/", {"next": place}))

    @pytest.mark.parametrize("place", LIKE_HOSTS)
    def test_t15_a_path_that_looks_like_a_host_stays_a_path(self, visitor, place):
        answer = visitor.get(place)
        headers.check(answer)
        assert "evil.example" not in answer.headers.get("Location", "").partition("/")[0]

    def test_t15_a_forwarded_host_is_not_believed(self, visitor):
        answer = visitor.get(
            "/desk/", headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
        )
        assert answer.headers["Location"].startswith("/accounts/login/")

    @pytest.mark.parametrize("prefix", headers.LANGUAGES)
    def test_t15_switching_the_language_is_a_link_to_a_path_of_ours(self, visitor, prefix):
        cast.clean_rivers()
        page = visitor.get(f"{prefix}/letters/clean-rivers/", {"next": "//evil.example"}).content.decode()
        assert "evil.example" not in page
        assert not visitor.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["/accounts/logout/", "/ur/accounts/logout/", "/admin/logout/"])
def test_asvs60_signing_out_clears_the_browser(door):
    staff = Client()
    entering.enter(staff, User.objects.create_superuser("owner@desk.example", cast.PASSWORD))
    assert staff.get("/desk/").status_code == 200
    assert staff.post(door).headers["Clear-Site-Data"] == '"cache", "storage"'
    assert staff.get("/desk/").status_code == 302


BEHIND_HTTPS = """
import json, django; django.setup()
from django.conf import settings
from django.test import Client
from accounts.models import User
from tests import entering
said = {}
def ask(visitor, path, **more):
    answer = visitor.get(path, headers={"Host": "letters.example"}, **more)
    said[path] = {"status": answer.status_code, "headers": dict(answer.headers),
                  "cookies": [morsel.OutputString() for morsel in answer.cookies.values()]}
reader, staff = Client(), Client()
ask(reader, "/", secure=True)
ask(reader, "/letters/clean-rivers/", secure=True)
ask(reader, "/accounts/login/", secure=True)
ask(reader, "/privacy/")
entering.enter(staff, User.objects.get())
staff.cookies[settings.SESSION_COOKIE_NAME]["secure"] = True
ask(staff, "/desk/", secure=True)
print(json.dumps(said))
"""


@pytest.mark.django_db(transaction=True)
def test_asvs03_asvs14_cookies_and_transport_behind_https():
    cast.clean_rivers()
    User.objects.create_superuser("owner@desk.example", cast.PASSWORD)
    environ = environment_with(
        SITE_URL="https://letters.example",
        ALLOWED_HOSTS="letters.example",
        DJANGO_SETTINGS_MODULE="config.settings",
    )
    done = subprocess.run(
        [sys.executable, "-c", BEHIND_HTTPS],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["/"]["cookies"] == said["/letters/clean-rivers/"]["cookies"] == []
    [csrf] = said["/accounts/login/"]["cookies"]
    [session] = said["/desk/"]["cookies"]
    assert csrf.startswith("__Host-csrf=") and session.startswith("__Host-sid=")
    for cookie in (csrf, session):
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= parts
        assert not any(part.startswith("domain") for part in parts)
    for page in ("/", "/accounts/login/", "/desk/"):
        strict = said[page]["headers"]["Strict-Transport-Security"]
        assert int(strict.split("=")[1].split(";")[0]) >= timedelta(days=365).total_seconds()
        assert "includeSubDomains" in strict
    assert said["/privacy/"]["status"] == 301
    assert said["/privacy/"]["headers"]["Location"] == "https://letters.example/privacy/"
    assert "default-src 'none'" in said["/privacy/"]["headers"]["Content-Security-Policy"]
