"""How far apart in time the door answers to addresses with an account and to those without one."""

import itertools
import time

from django.test import Client

from accounts.models import User
from benchmarks.figures import Figure, spread

ADDRESSES = 300
WRONG = "not-the-phrase-of-anybody"


def timing(*, seconds: float) -> Figure:
    """How far apart in time a wrong password is refused, by kind of address."""
    kinds = {
        "with an account": _accounts("known", is_active=True),
        "closed": _accounts("closed", is_active=False),
        "unknown": [f"unknown{number}@desk.example" for number in range(ADDRESSES)],
    }
    places = itertools.count()
    _try("warm@desk.example", place=next(places))

    def take(kind: str, number: int) -> float:
        return _try(kinds[kind][number % ADDRESSES], place=next(places))

    name = "Sign-in, time by kind of address, slowest to quickest"
    return spread(name, 1.1, list(kinds), take, seconds=seconds)


def _accounts(name: str, *, is_active: bool) -> list[str]:
    """Accounts that share one hash: making each its own takes longer than what is measured."""
    first = User.objects.create_user(f"{name}0@desk.example", "a-phrase-of-somebody")
    others = [
        User(email=f"{name}{number}@desk.example", password=first.password, works_here=True)
        for number in range(1, ADDRESSES)
    ]
    User.objects.bulk_create(others)
    User.objects.filter(email__startswith=name).update(is_active=is_active)
    return [f"{name}{number}@desk.example" for number in range(ADDRESSES)]


def _try(address: str, *, place: int) -> float:
    """Seconds that a wrong password takes, from a network of its own."""
    client = Client(
        headers={"host": "localhost"}, REMOTE_ADDR=f"10.{place >> 16}.{place >> 8 & 255}.{place & 255}"
    )
    began = time.perf_counter()
    answer = client.post("/accounts/login/", {"login": address, "password": WRONG})
    passed = time.perf_counter() - began
    assert answer.status_code in {200, 422}, answer.status_code
    return passed
