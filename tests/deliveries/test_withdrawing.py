"""A signer regrets: the name leaves every surface in time, and every later delivery."""

import json
import re
from datetime import timedelta
from email import message_from_bytes

import pytest
from django.test import Client
from django.utils import timezone

from deliveries import sending
from deliveries.dossiers import freezing
from deliveries.models import Delivery
from signatories import tokens
from signatories.enrolled import enrolling, exporting
from signatories.models import Signature
from tests import cast, walking
from tests.deliveries.test_sending import in_clear, paper_in
from tests.faults.harness import settles

NAME, PRIVATE = "Bela Horvát", ("s/", "m/", "u/", "desk/", "accounts/", "admin/", "dev/")
MINUTE = 60


@pytest.fixture
def surfaces(letter):
    """Every public address that might show a name."""
    values = walking.values(
        letter,
        attempt=Signature.objects.last(),
        person=bela_of(letter),
        organisation=cast.union(cast.quiet_streets()),
    )
    values["<str:public_id>"] = bela_of(letter).listing.public_id
    return [walking.fill_in(route, values) for route in walking.PUBLIC if not route.startswith(PRIVATE)]


def bela_of(letter) -> Signature:
    return letter.signatures.get(email__isnull=False, listing__name=NAME)


def regret(signature: Signature, act: str) -> None:
    answer = Client().post(f"/m/{tokens.make(tokens.MANAGE, signature)}/", {"act": act})
    assert answer.status_code == 200


def showing(paths: list[str]) -> list[str]:
    """Which addresses show the name, whatever a cache on the way may keep."""
    found = []
    for path in paths:
        answer = Client().get(path)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if NAME in content.decode("utf-8", "replace"):
            found.append(path)
            assert "stale" not in answer.headers.get("Cache-Control", ""), path
            kept = re.search(r"max-age=(\d+)", answer.headers.get("Cache-Control", ""))
            assert kept is None or int(kept[1]) <= MINUTE / 2, path
    return found


@pytest.mark.parametrize(("act", "count"), [("withdraw", 2), ("hide", 3), ("erase", 2)])
def test_t36_a_name_leaves_every_page_within_a_minute_and_every_later_delivery(
    letter, surfaces, postbox, act, count
):
    assert "/letters/clean-rivers/signatories/" in showing(surfaces)
    earlier = freezing.freeze(letter)
    regret(bela_of(letter), act)
    enrolling.enrol()  # as the clock does every two seconds
    assert settles(lambda: showing(surfaces) == [], seconds=MINUTE / 2)
    assert Client().get("/letters/clean-rivers/count.json").json()["signatures"] == count
    assert not [row for row in exporting.rows(letter, profile="press") if row["name"] == NAME]
    assert NAME not in json.dumps(freezing.edition_now(earlier), ensure_ascii=False)
    # looking at every page has prepared one already
    delivery = Delivery.objects.of(letter).first()
    assert sending.send(delivery)
    sent = postbox.mails[0]
    for told in (in_clear(paper_in(sent)), message_from_bytes(sent.as_bytes()).as_bytes()):
        assert NAME.encode() not in told and b"Bela" not in told


@pytest.mark.parametrize("act", ["withdraw", "hide"])
def test_t36_under_letters_at_risk_it_leaves_with_the_next_batch(db, act):
    letter = cast.quiet_streets()
    cast.bela(letter)
    listed = ["/letters/quiet-streets/signatories/", "/letters/quiet-streets/"]
    assert showing(listed)
    regret(bela_of(letter), act)
    enrolling.enrol(at=timezone.now() + timedelta(minutes=16))
    assert settles(lambda: showing(listed) == [], seconds=MINUTE / 2)
