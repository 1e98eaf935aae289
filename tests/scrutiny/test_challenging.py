import base64
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from scrutiny import challenging
from scrutiny.models import Limit, SpentChallenge
from tests.solving import encode, solve

pytestmark = pytest.mark.django_db

RIVERS = "clean-rivers"
CAFE, HOME = "c" * 64, "h" * 64
ZERO = {"algorithm": "SHA-256", "challenge": "0" * 64, "number": 1, "salt": "0&", "signature": "0" * 64}


NOON = 1_790_000_000 // 3600 * 3600


@pytest.fixture(autouse=True)
def light_work(monkeypatch):
    monkeypatch.setattr(challenging, "EASIEST", 100)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """It stands still, at the beginning of an hour; call it to move it on."""

    def go(seconds: int) -> None:
        monkeypatch.setattr(challenging, "time", lambda: NOON + seconds)

    go(0)
    return go


def verify(work, **changes):
    return challenging.verify(work, **({"letter": RIVERS, "at": timezone.now(), "attempt": 1} | changes))


def ask(times: int = 1, *, network: str | None = HOME, letter: str = RIVERS) -> int:
    """How hard the last of some challenges is."""
    for _ in range(times):
        challenge = challenging.challenge(letter, network=network)
    return challenge["maxNumber"] // challenging.EASIEST


def test_solved_work_is_valid_for_its_letter():
    work = solve(challenging.challenge(RIVERS, network=HOME))
    assert verify(work)


def test_asvs42_a_replay_is_refused_and_the_first_attempt_may_be_looked_at_again():
    work = solve(challenging.challenge(RIVERS, network=HOME))
    assert verify(work, attempt=1)
    assert not verify(work, attempt=2)
    assert verify(work, attempt=1)
    assert SpentChallenge.objects.count() == 1


def test_another_spelling_of_spent_work_is_a_replay_too():
    challenge = challenging.challenge(RIVERS, network=HOME)
    assert verify(solve(challenge))
    assert not verify(solve(challenge, salt=challenge["salt"].rstrip("&")), attempt=2)


def test_work_for_another_letter_is_refused():
    work = solve(challenging.challenge("night-trains", network=HOME))
    assert not verify(work)
    assert verify(work, letter="night-trains")


def test_work_counts_by_the_moment_of_the_attempt_however_late_the_worker_comes():
    now = timezone.now()
    work = solve(challenging.challenge(RIVERS, network=HOME))
    assert not verify(work, at=now + timedelta(minutes=21))
    assert verify(work, at=now + timedelta(minutes=19))


def test_work_is_valid_under_every_key_of_the_ring_and_no_other(settings):
    old = settings.TOKEN_KEYS
    work = solve(challenging.challenge(RIVERS, network=HOME))
    settings.TOKEN_KEYS = [b"n" * 32, *old]
    assert verify(work)
    settings.TOKEN_KEYS = [b"n" * 32]
    assert not verify(work)


@pytest.mark.parametrize(
    "changes",
    [
        {"number": -1},
        {"salt": "0123456789ab?letter=clean-rivers&expires=4102444800&"},
        {"challenge": "0" * 64},
        {"signature": "0" * 64},
        {"algorithm": "SHA-1"},
        {"algorithm": "MD5"},
        {"number": True},
        {"number": "7"},
        {"salt": "\ud800"},
        {"verified": True},
    ],
)
def test_what_was_tampered_with_is_refused(changes):
    assert not verify(solve(challenging.challenge(RIVERS, network=HOME), **changes))


@pytest.mark.parametrize(
    "work",
    [
        "", "1", "%%%", "نامه", "\x00", "a" * 100_000, "e30=", encode([]), encode(None), encode({}),
        encode(ZERO), encode("text"),
        encode(ZERO | {"salt": None}), encode(ZERO | {"number": 10**400}), encode(ZERO | {"number": 1.5}),
        base64.b64encode(b"[" * 1400).decode(), base64.b64encode(b"\xff\xfe\xfa").decode(),
        base64.b64encode(b'{"number": NaN}').decode(),
    ],
)  # fmt: skip
def test_what_nobody_with_our_script_sends_is_refused_and_breaks_nothing(work):
    assert not verify(work)
    assert not SpentChallenge.objects.exists()


def test_a_busy_networks_work_gets_harder_in_steps_and_nobody_elses():
    assert ask(30) == 1
    assert ask() == 2
    assert ask(30) == 4
    assert ask(1000) == challenging.HARDEST == 4
    assert ask(network=CAFE) == 1
    assert ask(letter="night-trains") == 1
    assert ask(network=None) == 1


def test_asvs39_the_desk_may_move_what_is_free():
    Limit.objects.create(name="attempts_per_network_in_1_minute", value=2)
    assert [ask() for _ in range(3)] == [1, 1, 2]
    Limit.objects.update(value=0)
    assert ask() == 4


def test_every_minute_has_its_free_ones_until_the_ten_minutes_are_full(clock):
    for minute in range(6):
        clock(60 * minute)
        assert ask(30) == 1
    clock(6 * 60)
    assert (ask(20), ask()) == (1, 2)
    clock(10 * 60)
    assert ask(30) == 1


def test_f05_without_a_cache_everybody_gets_the_easiest_work(settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/1"}}
    assert ask(40) == 1


def test_what_nobody_can_hand_in_any_more_is_forgotten():
    verify(solve(challenging.challenge(RIVERS, network=HOME)))
    now = timezone.now()
    assert challenging.forget(at=now + timedelta(days=2)) == 0
    assert challenging.forget(at=now + timedelta(days=2, minutes=21)) == 1
    assert not SpentChallenge.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_hand_in_the_same_work_at_once_one_is_believed():
    work = solve(challenging.challenge(RIVERS, network=HOME))
    believed, start = [], threading.Barrier(6)

    def hand_in(attempt: int) -> None:
        start.wait()
        believed.append(verify(work, attempt=attempt))
        connection.close()

    threads = [threading.Thread(target=hand_in, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(believed) == [False] * 5 + [True]
