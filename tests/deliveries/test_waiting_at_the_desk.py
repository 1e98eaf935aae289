"""Who works on a letter finds on the desk's first page, and on the letter's, what waits for them there."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answers import receiving, reviewing
from answers.models import Answer
from deliveries import ending, preparing, releasing
from deliveries.models import Delivery, Release
from exports import building, proposing
from exports import releasing as releasing_lists
from exports.models import Export
from letters.models import Role
from tests import cast, entering

pytestmark = pytest.mark.django_db


@pytest.fixture
def dunya(letter):
    """Who proposes."""
    return cast.esra(letter, Role.Kind.OWNER, name="Dunya")


def released(letter, dunya) -> Release:
    row = releasing.propose(letter, by=dunya, recipients=[preparing.free(letter)[0]])
    assert releasing.freeze(row)
    return Release.objects.get(pk=row.pk)


def listed(letter, dunya) -> Export:
    row = Export(version=letter.current, profile="press", format="csv", why="A paper asked.")
    proposing.propose(letter, row, by=dunya)
    assert building.build(row.pk)
    return Export.objects.get(pk=row.pk)


def answered(letter) -> Answer:
    return receiving.answer(
        preparing.prepare(letter)[0], text="We will act.", name="", role="", language="en"
    )


def pages(user, letter) -> list[str]:
    """The first page of somebody's desk, and that of one letter."""
    client = Client()
    entering.enter(client, user)
    shown = [client.get("/desk/"), client.get(f"/desk/letters/{letter.slug}/")]
    return [" ".join(page.content.decode().split()) for page in shown]


def link_to(row, letter) -> str:
    ends = {
        Release: f"deliveries/releases/{row.pk}/",
        Export: f"exports/#export-{row.pk}",
        Answer: f"answers/#answer-{row.pk}",
    }
    return f'href="/desk/letters/{letter.slug}/{ends[type(row)]}"'


@pytest.mark.parametrize(
    ("kind", "sees"),
    [
        (Role.Kind.OWNER, (True, True, True)),
        (Role.Kind.DELIVERER, (True, False, True)),
        (Role.Kind.EXPORTER, (False, True, False)),
        (Role.Kind.MODERATOR, (False, False, False)),
    ],
)
def test_each_sees_what_their_role_lets_them_do_and_nothing_else(letter, dunya, kind, sees):
    waiting = released(letter, dunya), listed(letter, dunya), answered(letter)
    for page in pages(cast.esra(letter, kind, name="Edo"), letter):
        assert tuple(link_to(row, letter) in page for row in waiting) == sees
        assert ("What waits for you" in page) == any(sees)
        assert "Nothing waits" not in page


def test_nobody_of_another_letter_sees_it(letter, dunya):
    released(letter, dunya), listed(letter, dunya), answered(letter)
    other = cast.night_trains()
    assert all("What waits for you" not in page for page in pages(cast.esra(other, name="Olga"), other))
    both = cast.esra(letter, name="Olga")
    first, of_other = pages(both, other)
    assert "What waits for you" in first and "What waits for you" not in of_other


def test_what_one_has_proposed_oneself_waits_for_others(letter, dunya):
    waiting = released(letter, dunya), listed(letter, dunya)
    assert all("What waits for you" not in page for page in pages(dunya, letter))
    for page in pages(cast.esra(letter, name="Edo"), letter):
        assert all(link_to(row, letter) in page for row in waiting) and "proposed by <bdi>Dunya</bdi>" in page


@pytest.mark.parametrize("state", ["uncertain", "dead", "held"])
def test_deliveries_that_wait_for_a_person_are_counted(letter, dunya, state):
    [delivery, *_others] = preparing.prepare(letter)
    Delivery.objects.exclude(pk=delivery.pk).update(state="void")
    link = f'href="/desk/letters/{letter.slug}/deliveries/#each"'
    assert all(link not in page for page in pages(dunya, letter))
    channel = "hand" if state == "held" else "email"
    Delivery.objects.filter(pk=delivery.pk).update(state=state, channel=channel)
    assert all(link in page and "See to 1 delivery" in page for page in pages(dunya, letter))
    exporter = cast.esra(letter, Role.Kind.EXPORTER, name="Edo")
    assert all(link not in page for page in pages(exporter, letter))


def test_what_is_decided_or_over_waits_no_more(letter, dunya):
    edo = cast.esra(letter, name="Edo")
    release, export, answer = released(letter, dunya), listed(letter, dunya), answered(letter)
    ending.cancel(release, by=dunya)
    releasing_lists.approve(export, sha256=export.sha256, by=edo)
    reviewing.publish(answer, by=edo)
    assert all("What waits for you" not in page for page in pages(edo, letter))
    Export.objects.update(state="built", expires_at=timezone.now())
    assert all("What waits for you" not in page for page in pages(edo, letter))


def test_more_letters_and_more_that_waits_are_no_more_queries(letter, dunya, django_assert_num_queries):
    edo, client = cast.esra(letter, name="Edo"), Client()
    entering.enter(client, edo)
    release = released(letter, dunya)
    answered(letter)
    listed(letter, dunya)
    client.get("/desk/")
    with CaptureQueriesContext(connection) as few:
        assert link_to(release, letter) in client.get("/desk/").content.decode()
    for other in (cast.quiet_streets(), cast.bread_prices()):
        cast.esra(other, name="Edo")
    answered_again = receiving.answer(
        Delivery.objects.first(), text="And more.", name="", role="", language="en"
    )
    more = [listed(letter, dunya), listed(letter, dunya)]
    with django_assert_num_queries(len(few)):
        page = client.get("/desk/").content.decode()
    assert all(link_to(row, letter) in page for row in [answered_again, *more])
