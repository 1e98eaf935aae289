"""What the public pages of a letter at risk tell of those who sign it: as little as can be."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from signatories import confirming
from signatories.enrolled import enrolling
from signatories.models import Kind
from tests import cast

pytestmark = pytest.mark.django_db

PLACE = "/letters/quiet-streets/"


@pytest.fixture
def letter():
    return cast.quiet_streets()


def sign_as_persons(letter, count: int, *, of: str = "people") -> None:
    for number in range(count):
        confirming.confirm(cast.attempt(letter, email=f"p{number}@{of}.example"))
    enrolling.enrol(at_once=True)


def count_of(client) -> dict:
    return json.loads(client.get(f"{PLACE}count.json").content)


def test_t33_no_page_about_the_letter_is_kept_by_search_engines_or_caches(letter):
    bela, visitor = cast.bela(letter), Client()
    pages = [
        "",
        "signatories/",
        "integrity/",
        "reported/",
        "check-your-email/",
        "count.json",
        "roll.json",
        "roll.txt",
    ]
    answers = [visitor.get(f"{PLACE}{page}") for page in [*pages, f"report/{bela.listing.public_id}/"]]
    answers += [visitor.post(f"{PLACE}{page}/", {}) for page in ("sign", "code", "resend")]
    for answer in answers:
        assert answer.status_code in {200, 422}
        assert answer["X-Robots-Tag"] == "noindex, noarchive", answer.request["PATH_INFO"]
        assert answer["Cache-Control"] == "no-store", answer.request["PATH_INFO"]


def test_t33_a_group_of_fewer_than_ten_is_not_told_apart(letter, client, fresh_cache):
    sign_as_persons(letter, 12)
    cast.attempt(letter)
    told = count_of(client)
    assert told["signatures"] == 12
    assert told["persons"] is told["organisations"] is None, "one of them would tell the other"
    assert "12 persons" not in " ".join(client.get(PLACE).content.decode().split())
    for number in range(10):
        confirming.confirm(
            cast.attempt(
                letter,
                kind=Kind.ORGANISATION,
                organisation=f"League {number}",
                email=f"o{number}@leagues.example",
            )
        )
    letter.signatures.filter(kind=Kind.ORGANISATION).update(held_at=None)
    enrolling.enrol(at_once=True)
    fresh_cache()
    told = count_of(client)
    assert (told["signatures"], told["persons"], told["organisations"]) == (22, 10, 10), "in steps of ten"
    words = " ".join(client.get(PLACE).content.decode().split())
    assert "At least 10 persons and 10 organisations" in words and "12 persons" not in words
    sign_as_persons(letter, 1, of="eleventh")
    fresh_cache()
    assert {**count_of(client), "signatures": 0, "as_of": ""} == {**told, "signatures": 0, "as_of": ""}


def test_an_ordinary_letter_tells_its_groups_however_small(client):
    cast.bela(cast.clean_rivers())
    told = json.loads(client.get("/letters/clean-rivers/count.json").content)
    assert (told["persons"], told["organisations"]) == (1, 0)


def test_t33_names_cannot_be_picked_out_by_country(letter, client):
    cast.bela(letter, country="HU")
    page = client.get(f"{PLACE}signatories/?country=AF").content.decode()
    assert "Bela Horvát" in page
    assert 'name="country"' not in page


def test_t33_the_count_is_as_of_a_batch(letter, client, fresh_cache):
    now = timezone.now()
    confirming.confirm(cast.ada(letter))
    enrolling.enrol(at=now)
    batch = now + timedelta(minutes=16)
    enrolling.enrol(at=batch)
    assert count_of(client)["as_of"] == batch.strftime("%Y-%m-%dT%H:%M:%SZ")
    confirming.confirm(cast.ada(letter, email="two@people.example"))
    enrolling.enrol(at=batch + timedelta(minutes=1))
    fresh_cache()
    assert count_of(client)["as_of"] == batch.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_t34_the_form_and_the_pages_after_it_say_how_to_leave_no_trace(letter, client):
    form = " ".join(client.get(PLACE).content.decode().split())
    assert "neither your employer nor a state can read" in form
    assert "Published names can be copied and kept for ever" in form
    assert "Delete it once you have used it" in client.get(f"{PLACE}check-your-email/").content.decode()


def test_t33_whoever_chooses_nothing_is_only_counted(letter):
    answers = {"kind": "person", "name": "Ada Okoye", "email": cast.ADA, "country": "NG", "consent": "on"}
    assert Client().post(f"{PLACE}sign/", answers).status_code == 303
    assert letter.signatures.get().visibility == "counted"
