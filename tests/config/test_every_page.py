"""Every address of the site: headers, cookies, and that reading changes nothing. New ones must be walked."""

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from tests import cast, walking
from tests.walking import ROUTES, STAFF

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    "connect-src 'self'", "worker-src 'self'", "form-action 'self'", "base-uri 'none'", "object-src 'none'",
    "frame-ancestors 'none'",
}  # fmt: skip


@pytest.fixture
def address(db):
    """Fills a pattern in with somebody's real values."""
    values = walking.cast_of(cast.clean_rivers())
    return lambda route: walking.fill_in(route, values)


def tables() -> dict[str, str]:
    """What every table holds; sessions aside, which staff pages may write."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table != "django_session":
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
                found[table] = repr(
                    [[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()]
                )
    return found


def check_headers(response) -> None:
    headers = response.headers
    assert {part.strip() for part in headers["Content-Security-Policy"].split(";") if part.strip()} == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Cookie" not in headers.get("Vary", "") or response.wsgi_request.path.startswith(
        tuple(f"/{part}" for part in (*STAFF, "dev/"))
    )
    if response.headers.get("Content-Type", "").startswith(("text/", "application/json")):
        assert "charset=utf-8" in headers["Content-Type"] or "json" in headers["Content-Type"]


@pytest.mark.parametrize("route", ROUTES)
def test_headers_are_strict_and_reading_changes_nothing(route, address):
    visitor, url = Client(), address(route)
    before = tables()
    for ask in (visitor.get, visitor.head, visitor.options):
        response = ask(url)
        assert response.status_code < 500
        check_headers(response)
    assert tables() == before
    if not route.startswith(STAFF):
        check_headers(visitor.post(url))
        assert not visitor.cookies
    elif response.status_code != 405:
        assert visitor.get(url).status_code in {200, 302, 403, 404, 405}


@pytest.mark.parametrize("route", [route for route in ROUTES if route.startswith(STAFF)])
def test_staff_read_without_changing_anything(route, address):
    url, staff = address(route), Client()
    user = User.objects.create_superuser("owner@desk.example", cast.PASSWORD)
    staff.force_login(user)
    before = tables()
    response = staff.get(url)
    assert response.status_code < 500
    check_headers(response)
    assert tables() == before


@pytest.mark.parametrize(
    "path", ["/no-such-page", "/letters/none/", "/s/x.y/", "/dev/", "/dev/mail/", "/metrics"]
)
def test_what_does_not_exist_is_not_found_under_the_same_headers(path, db):
    response = Client().get(path)
    assert response.status_code == 404
    check_headers(response)


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "https:evil.example", "\t//evil.example",
     "javascript:alert(1)", "//evil.example%0d%0aX: y", "/%0d%0aX-Injected: 1", "///evil.example", "http:///evil.example"],
)  # fmt: skip
def test_next_never_leaves_the_host(target, db):
    cast.clean_rivers()
    answers = {"kind": "person", "name": "Ada Okoye", "email": cast.ADA, "country": "NG", "consent": "on"}
    for response in (
        Client().post(
            "/letters/clean-rivers/sign/", answers | {"next": target}, query_params={"next": target}
        ),
        Client().get("/accounts/login/", {"next": target}),
        Client().get("/desk/", {"next": target}),
    ):
        location = response.headers.get("Location", "/")
        assert location.startswith("/") and not location.startswith(("//", "/\\"))
        assert "X-Injected" not in response.headers
