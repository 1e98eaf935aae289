"""Every address of the site, in every language: headers, cookies, and that reading changes nothing."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import URLResolver, get_resolver

from accounts.models import User
from tests import cast, entering, headers, walking
from tests.walking import ROUTES, STAFF

pytestmark = [pytest.mark.once, pytest.mark.django_db]

ONE_LANGUAGE = ("healthz", "readyz", "metrics", "admin/", "api/", ".well-known/", "embed/", "logos/")
AT_ONCE = 12  # routes that are walked with one cast


@pytest.fixture
def address(db):
    """Fills a pattern in with somebody's real values."""
    values = walking.cast_of(cast.clean_rivers())
    return lambda route: walking.fill_in(route, values)


@pytest.fixture
def owner(db):
    return User.objects.create_superuser("owner@desk.example", cast.PASSWORD)


def tables() -> dict[str, str]:
    """What every table holds; sessions aside, which staff pages may write."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table != "accounts_session":
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
                found[table] = repr(
                    [[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()]
                )
    return found


def in_every_language(route: str, path: str) -> list[str]:
    return [path] if route.startswith(ONE_LANGUAGE) else [f"{prefix}{path}" for prefix in headers.LANGUAGES]


def read(visitor: Client, path: str, *methods: str) -> None:
    """Read an address in each of these ways; every answer is checked and none is a fault."""
    for method in methods:
        response = getattr(visitor, method)(path)
        assert response.status_code < 500, (method, path)
        headers.check(response)
        if method == "trace":
            assert response.status_code == 405


@pytest.mark.parametrize("some", range(0, len(ROUTES), AT_ONCE))
def test_asvs12_reading_changes_nothing_whoever_reads(some, address, owner, fresh_cache):
    staff = Client()
    entering.enter(staff, owner)
    paths = {route: address(route) for route in ROUTES[some : some + AT_ONCE]}
    before = tables()
    for route, path in paths.items():
        fresh_cache()
        reader = Client()
        for spelled in in_every_language(route, path):
            read(reader, spelled, "get", "head")
        read(reader, path, "options", "trace")
        read(staff, path, "get", "head", "options")
        assert tables() == before, route


def test_asvs15_posting_nothing_is_answered_and_gives_readers_no_cookie(address):
    for route in ROUTES:
        visitor = Client()
        response = visitor.post(address(route))
        assert response.status_code < 500, route
        headers.check(response)
        if not route.startswith(STAFF):
            assert not visitor.cookies, route


def test_t13_a_post_from_another_site_changes_nothing(address, owner):
    staff = Client(enforce_csrf_checks=True)
    entering.enter(staff, owner)
    paths = [address(route) for route in ROUTES]
    before = tables()
    for path in paths:
        if path.split("/")[1] in headers.PRIVATE and path != "/m/":
            continue  # the token is the authority there
        response = staff.post(
            path, headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
        )
        assert response.status_code in {403, 404, 405}, path
        headers.check(response)
    assert tables() == before


def admin_paths() -> list[str]:
    """Every address of Django's admin, with the first row of each table where one is asked for."""
    [found] = [part for part in get_resolver().url_patterns if str(part.pattern) == "admin/"]
    paths = walking.routes(found, "admin/")
    filled = []
    for model in admin.site._registry:
        row = model._default_manager.first()
        start = f"admin/{model._meta.app_label}/{model._meta.model_name}/"
        for route in paths:
            if route.startswith(start) and ("<path:object_id>" not in route or row):
                filled.append(route.replace("<path:object_id>", str(row.pk) if row else ""))
    general = [route for route in paths if route.count("/") <= 2 or "jsi18n" in route]
    known = [*filled, *general, "admin/r/1/1/"]
    return sorted({f"/{route}" for route in known if not re.search(r"[<^]", route)})


def test_asvs12_reading_in_djangos_admin_changes_nothing(address, owner):
    address("")  # so that there is something to look at
    staff = Client()
    entering.enter(staff, owner)
    before, paths = tables(), admin_paths()
    assert len(paths) > 30
    for visitor in (Client(), staff):
        for path in paths:
            for method in ("get", "head"):
                response = getattr(visitor, method)(path)
                assert response.status_code < 500, path
                headers.check(response)
    assert tables() == before


def test_every_resolver_is_walked():
    tops = {str(part.pattern) for part in get_resolver().url_patterns if isinstance(part, URLResolver)}
    assert tops == {"admin/", ""}, "tell tests/walking.py of the new one"


def test_t17_no_page_may_be_framed(address):
    """But for what is made to be embedded, which has nothing to click."""
    for route in ROUTES:
        response = Client().get(address(route))
        framed = (
            response.headers["Content-Security-Policy"].partition("frame-ancestors ")[2].partition(";")[0]
        )
        if framed != "'none'":
            assert headers.plain(response.wsgi_request.path).startswith(headers.EMBEDDED)
            assert b"<form" not in response.content and not response.cookies
