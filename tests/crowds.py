"""Crowds that come through the door people use: the form is posted, the mail drained, its button pressed.

All at once in the time of a test, so the clock is moved by writing moments: `took` says how long after the
mail each confirms. Everybody is invented, and lives at providers that the tests make large.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from outbox import box
from outbox.models import Message
from scrutiny import limits, providers
from scrutiny.models import Limit
from signatories.enrolled import enrolling
from signatories.judging import sweeping
from signatories.models import Signature

LARGE = ("post.example", "brief.example", "khat.example")
GIVEN = [
    "Ada", "Amina", "Bela", "Boris", "Chidi", "Clara", "Dilan", "Dora", "Elif", "Emre", "Farah",
    "Fritz", "Goran", "Gul", "Hana", "Henrik", "Ines", "Ivo", "Jamil", "Jana", "Karim", "Katya",
    "Leyla", "Luca", "Mateo", "Mina", "Nadia", "Noor", "Omar", "Petra", "Qasim", "Rosa", "Sami", "Tove",
    "Usman", "Vera", "Wafa", "Yusuf", "Zofia",
]  # fmt: skip
FAMILY = [
    "Ahmadi", "Amiri", "Berg", "Bianchi", "Costa", "Duarte", "Dubois", "Eze", "Haidari", "Horvat",
    "Hossaini", "Jansen", "Karimi", "Kaya", "Keller", "Kowalski", "Lindqvist", "Lund", "Marino",
    "Meyer", "Moreau", "Nazari", "Nielsen", "Novak", "Okoye", "Petrov", "Popescu", "Rahimi", "Rossi",
    "Safi", "Santos", "Schneider", "Silva", "Virtanen", "Vogel", "Weber", "Yilmaz", "Yousafzai",
    "Zadran",
]  # fmt: skip
COUNTRIES = ("PK", "AF", "DE", "GB", "IT", "TR", "NL", "SE", "US", "CA")
MOBILE = "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"{MOBILE} Chrome/141.0.0.0 Mobile Safari/537.36"
SAFARI = f"{MOBILE.replace('Linux; Android 15; K', 'iPhone; CPU iPhone OS 19_0 like Mac OS X')} Safari/604.1"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
AGENTS = (CHROME, CHROME, CHROME, SAFARI, SAFARI, FIREFOX)
PART = 90  # so many sign before their mail is read
SCALE = 4  # crowds, and what counts as one, are by so much smaller than in life
SCALED = (
    "surge",
    "at_one_domain",
    "from_one_network",
    "too_fast",
    "aged",
    "answered_mails",
    "nights_looked_at",
)


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """Who signs, from where, and how soon after the mail they confirm."""

    name: str
    email: str
    ip: str
    took: timedelta
    waited: timedelta = timedelta(0)  # since they have confirmed
    country: str = ""  # any, if none is given


def person(number: int, *, chance: random.Random, domain: str = "", ip: str = "", name: str = "") -> Somebody:
    """A person like any other: their own name, address and network, some minutes or hours after the mail."""
    name = name or f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
    first, last = name.casefold().split()
    local = chance.choice(
        [f"{first}.{last}", f"{first[0]}{last}", f"{last}{first[:2]}", f"{first}-{last}", last]
    )
    domain = domain or chance.choice([*LARGE, f"{chance.choice(FAMILY).casefold()}{number}.example"])
    return Somebody(
        name=name,
        email=f"{local}{chance.choice(['', number, f'.{number}'])}.{number}@{domain}",
        ip=ip or f"198.51.{number // 250}.{number % 250 + 1}",
        took=timedelta(seconds=chance.lognormvariate(6, 1.3) + 25),
    )


@pytest.fixture
def chance():
    """The same in every run."""
    return random.Random(7)


@pytest.fixture
def large_providers(monkeypatch):
    monkeypatch.setattr(providers, "PROVIDERS", providers.PROVIDERS | set(LARGE))
    providers._indexes.cache_clear()
    yield
    providers._indexes.cache_clear()


@pytest.fixture
def crowd(mails, large_providers) -> "Crowd":
    Limit.objects.bulk_create(Limit(name=name, value=limits.DEFAULTS[name] // SCALE) for name in SCALED)
    return Crowd(mails)


class Crowd:
    def __init__(self, mails: Callable[[], list[box.BoxedMail]]) -> None:
        self.mails = mails

    def signs(self, people: Iterable[Somebody]) -> None:
        """Everybody posts the form and presses the button in the mail that comes."""
        people = list(people)
        links = self.gets_links(people)
        for somebody in people:
            if somebody.email in links:
                self.confirm(somebody, links[somebody.email])
        self.later()

    def gets_links(self, people: Iterable[Somebody]) -> dict[str, str]:
        """Everybody posts the form; the links in their mail, by address."""
        people = list(people)
        links = {}
        for start in range(0, len(people), PART):
            for somebody in people[start : start + PART]:
                self._post(somebody)
            links |= self._links()
        return links

    def _post(self, somebody: Somebody) -> None:
        answers = {
            "kind": "person",
            "name": somebody.name,
            "email": somebody.email,
            "country": somebody.country or COUNTRIES[len(somebody.email) % len(COUNTRIES)],
            "visibility": "public",
            "consent": "on",
        }
        headers = {"Accept-Language": "en", "User-Agent": AGENTS[len(somebody.email) % len(AGENTS)]}
        answer = Client(REMOTE_ADDR=somebody.ip, headers=headers).post("/letters/clean-rivers/sign/", answers)
        assert answer.status_code == 303, answer.content.decode()

    def _links(self) -> dict[str, str]:
        found = {}
        while Message.objects.filter(state="ready", next_at__lte=timezone.now()).exists():
            for mail in self.mails():
                if link := next((link for link in mail.links if "/s/" in link), ""):
                    found[mail.to] = urlsplit(link).path
        return found

    def confirm(self, somebody: Somebody, path: str) -> None:
        """The button is pressed as long after the mail as this person takes."""
        attempts = Signature.objects.filter(public_id=path.split("/")[-2].partition(".")[0])
        attempts.update(mailed_at=timezone.now() - somebody.took)
        answer = Client(REMOTE_ADDR=somebody.ip).post(path, {"act": "confirm"})
        assert answer.status_code == 200
        if somebody.waited:
            confirmed = timezone.now() - somebody.waited
            attempts.update(confirmed_at=confirmed, mailed_at=confirmed - somebody.took)

    def later(self) -> None:
        """The thank-you mails leave, and the clock settles what has changed."""
        self._links()
        enrolling.enrol(at_once=True)

    def sweep(self) -> int:
        held = sweeping.sweep()
        enrolling.enrol(at_once=True)
        return held
