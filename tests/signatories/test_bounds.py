"""However much somebody sends, and however often, it costs little and changes nothing."""

import base64
import os

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import get_language_from_path
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signatories import tokens
from signatories.enrolled import roll
from signatories.models import Signature
from tests import cast
from tests.timing import cpu

pytestmark = pytest.mark.django_db

LIST = "/letters/clean-rivers/signatories/"
LIMIT = 0.05  # seconds
anything = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
pieces = st.sampled_from(
    ["a", "%", "ur/", "..", "é", "\x00", "A.", "-_", "=", "/", " ", "٪", "\u202e", "(a+)+"]
)
ten_kilobytes = (anything | st.lists(pieces, min_size=1, max_size=20).map("".join)).map(
    lambda text: (text * 10_000)[:10_000]
)
quickly = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def links():
    """Every private address, and every form that anybody may post."""
    letter = cast.clean_rivers()
    attempt = cast.ada(letter)
    private = [f"/s/{tokens.make(tokens.CONFIRM, attempt)}/", f"/m/{tokens.make(tokens.MANAGE, attempt)}/"]
    forms = [f"/letters/clean-rivers/{name}/" for name in ("sign", "code", "resend")]
    return [*private, *forms, "/m/", "/accounts/login/", "/accounts/password/reset/"]


def test_t41_a_megabyte_is_refused_at_every_door(links):
    before = list(Signature.objects.values())
    for path in links:
        answers = {"email": cast.ADA, "name": "x" * 1_000_000, "act": "withdraw", "login": cast.ADA}
        for kind in (
            {},
            {"content_type": "application/x-www-form-urlencoded", "data": b"name=" + b"x" * 1_000_000},
        ):
            assert Client().post(path, **({"data": answers} | kind)).status_code in {400, 413}, path
    assert list(Signature.objects.values()) == before


def test_t41_more_than_fifty_fields_are_refused_at_every_door(links):
    before = list(Signature.objects.values())
    for path in links:
        fields = {f"field{number}": "x" for number in range(51)}
        assert Client().post(path, fields).status_code == 400, path
    assert list(Signature.objects.values()) == before


@quickly
@given(ten_kilobytes)
def test_t41_ten_kilobytes_for_a_token_are_judged_at_once(text):
    def read():
        for spelled in (text, f"{'a' * 16}.{text}", f"{text}.{text}"):
            with pytest.raises(tokens.NoSuchLink):
                tokens.read(spelled, purpose=tokens.CONFIRM)

    assert cpu(read) < LIMIT


@quickly
@given(ten_kilobytes)
def test_t41_ten_kilobytes_of_a_languages_prefix_are_judged_at_once(text):
    assert cpu(lambda: get_language_from_path(f"/{text}/letters/")) < LIMIT
    assert cpu(lambda: get_language_from_path(f"/ur-{text}/")) < LIMIT


@quickly
@given(ten_kilobytes)
def test_t41_ten_kilobytes_of_search_and_cursor_cost_a_page_like_any_other(fresh_cache, text):
    reader = Client(raise_request_exception=True)

    def load(**query):
        fresh_cache()
        assert reader.get(LIST, query).status_code == 200

    if not Signature.objects.exists():
        cast.bela(cast.clean_rivers())
    ordinary = cpu(lambda: load(q="Bela", after="a" * 16))
    assert cpu(lambda: load(q=text, after=text, kind=text, country=text)) < 4 * ordinary + LIMIT


def test_t41_ten_kilobytes_of_path_are_not_found():
    for path in (
        "a" * 10_000,
        "ur/" * 3_000,
        "s/" + "a" * 10_000,
        "letters/" + "-" * 10_000,
        "%F0%9F" * 1_500,
    ):
        assert Client().get(f"/{path}/").status_code in {400, 404}


def test_t41_a_receipt_of_any_size_is_judged_at_once():
    path = ["0" * 64] * 10_000
    assert cpu(lambda: roll.proves("+x", index=5, size=2**10_000, path=path, root="0" * 64)) < 4 * LIMIT


def test_t04_guessing_at_one_link_costs_one_question_each_and_changes_nothing():
    """A mac has 256 bits: a million guesses a second would need 10^63 years for an even chance.

    What is left to show is that a guess costs little and leaves no mark.
    """
    attempt = cast.ada(cast.clean_rivers())
    before = Signature.objects.values().get(pk=attempt.pk)
    guesses = [f"{attempt.public_id}.{_mac()}" for _ in range(1_000)]
    with CaptureQueriesContext(connection) as asked:
        for guess in guesses[:20]:
            with pytest.raises(tokens.NoSuchLink):
                tokens.read(guess, purpose=tokens.CONFIRM)
    assert len(asked) == 20
    assert all(query["sql"].startswith("SELECT") for query in asked)
    for guess in guesses:
        with pytest.raises(tokens.NoSuchLink):
            tokens.read(guess, purpose=tokens.CONFIRM)
    for _ in range(5):
        assert Client().post(f"/s/{attempt.public_id}.{_mac()}/").status_code == 404
    assert Signature.objects.values().get(pk=attempt.pk) == before
    assert tokens.read(tokens.make(tokens.CONFIRM, attempt), purpose=tokens.CONFIRM) == attempt


def test_t04_what_could_name_no_row_never_reaches_the_database():
    with CaptureQueriesContext(connection) as asked:
        for number in range(20_000):
            with pytest.raises(tokens.NoSuchLink):
                tokens.read(f"{number}.{number}", purpose=tokens.CONFIRM)
    assert len(asked) == 0


def _mac() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()
