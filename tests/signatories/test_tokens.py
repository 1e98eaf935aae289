import pytest

from signatories import tokens
from signatories.models import Signature
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt():
    return cast.ada(cast.clean_rivers())


def test_a_token_names_its_signature(attempt):
    assert tokens.read(tokens.make(tokens.CONFIRM, attempt), purpose=tokens.CONFIRM) == attempt


@pytest.mark.parametrize("other", [tokens.MANAGE, tokens.UNSUBSCRIBE, tokens.CODE])
def test_t04_a_token_serves_one_purpose(attempt, other):
    with pytest.raises(tokens.NoSuchLink):
        tokens.read(tokens.make(tokens.CONFIRM, attempt), purpose=other)


def test_t04_no_character_of_a_token_may_change(attempt):
    token = tokens.make(tokens.CONFIRM, attempt)
    for place, character in enumerate(token):
        for other in "Ab_.":
            if other != character:
                with pytest.raises(tokens.NoSuchLink):
                    tokens.read(token[:place] + other + token[place + 1 :], purpose=tokens.CONFIRM)


@pytest.mark.parametrize("token", ["", ".", "x", "..", "é.é", "\x00.\x00", "a.b.c", "a" * 10_000, "%2e"])
def test_nonsense_is_no_link(token):
    with pytest.raises(tokens.NoSuchLink):
        tokens.read(token, purpose=tokens.CONFIRM)


def test_t04_a_new_nonce_revokes_links_and_code(attempt):
    token, code = tokens.make(tokens.MANAGE, attempt), tokens.code(attempt)
    Signature.objects.filter(pk=attempt.pk).update(nonce="0" * 32)
    with pytest.raises(tokens.NoSuchLink):
        tokens.read(token, purpose=tokens.MANAGE)
    assert not tokens.is_code(code, cast.fresh(attempt))


def test_links_made_under_an_old_key_still_work(attempt, settings):
    token, code = tokens.make(tokens.CONFIRM, attempt), tokens.code(attempt)
    settings.TOKEN_KEYS = [b"n" * 32, *settings.TOKEN_KEYS]
    assert tokens.read(token, purpose=tokens.CONFIRM) == attempt
    assert tokens.is_code(code, attempt)
    assert tokens.make(tokens.CONFIRM, attempt) != token


def test_a_code_is_eight_characters_that_are_not_mistaken_for_others(attempt):
    code = tokens.code(attempt)
    assert len(code) == 8
    assert not set(code) & set("01IO")
