"""Who writes a letter: in which order they are named, until its first version is published."""

import pytest
from django.db import IntegrityError, connection, transaction

from letters import amending, writing
from letters.models import Author
from tests import cast, entering

pytestmark = pytest.mark.django_db

DRAFT = "/desk/letters/night-trains/draft/"


@pytest.fixture
def letter():
    letter = cast.night_trains()
    for order, name in enumerate(["Night Riders", "Lake Watch"], 1):
        Author.objects.create(letter=letter, order=order, name=name)
    return letter


@pytest.fixture
def esra(client, letter):
    entering.enter(client, cast.esra(letter))
    return client


def names(letter):
    return [author.name for author in letter.authors.all()]


def move(esra, letter, name, to):
    number = letter.authors.get(name=name).pk
    return esra.post(f"{DRAFT}authors/{number}/move/", {"to": to})


def test_an_author_is_named_earlier_or_later(esra, letter):
    assert names(letter) == ["River Watch", "Night Riders", "Lake Watch"]
    assert move(esra, letter, "Lake Watch", "before").url == f"{DRAFT}#authors"
    assert names(letter) == ["River Watch", "Lake Watch", "Night Riders"]
    move(esra, letter, "River Watch", "after")
    assert names(letter) == ["Lake Watch", "River Watch", "Night Riders"]
    page = esra.get(f"{DRAFT}as-read/").content.decode()
    assert page.index("Lake Watch") < page.index("River Watch") < page.index("Night Riders")


def test_nobody_moves_past_the_ends(esra, letter):
    move(esra, letter, "River Watch", "before")
    move(esra, letter, "Lake Watch", "after")
    assert names(letter) == ["River Watch", "Night Riders", "Lake Watch"]
    page = esra.get(DRAFT).content.decode()
    assert page.count("Name it earlier") == page.count("Name it later") == 2


def test_who_is_added_stands_last_also_after_others_were_taken_off(esra, letter):
    for name in ("River Watch", "Night Riders"):
        esra.post(f"{DRAFT}authors/{letter.authors.get(name=name).pk}/", {"remove": "1"})
    esra.post(f"{DRAFT}authors/", {"name": "Mill Society"})
    assert names(letter) == ["Lake Watch", "Mill Society"]


def test_moving_takes_a_proposal_back(esra, letter):
    version = letter.versions.get()
    letter.versions.update(proposed_by=cast.esra(letter, name="Dunya"), proposed_at=letter.opens_at)
    move(esra, letter, "Lake Watch", "before")
    version.refresh_from_db()
    assert version.proposed_at is None


def test_once_published_nothing_of_it_changes_not_even_with_the_next_version(client):
    letter = cast.clean_rivers()
    user = cast.esra(letter)
    amending.begin(letter, by=user)
    author = letter.authors.get()
    for act in (
        lambda: writing.move(letter, author, before=True, by=user),
        lambda: writing.remove(letter, author, by=user),
    ):
        with pytest.raises(writing.NoDraft):
            act()
    entering.enter(client, user)
    place = f"/desk/letters/clean-rivers/draft/authors/{author.pk}/"
    for path in (place, f"{place}move/", f"{place}logo/"):
        assert client.post(path, {"to": "before", "name": "Else"}).status_code == 404


def test_the_database_keeps_who_wrote_what_is_published():
    author = cast.clean_rivers().authors.get()
    acts = [
        lambda: Author.objects.filter(pk=author.pk).update(name="Somebody else"),
        lambda: Author.objects.create(letter=author.letter, name="Somebody else"),
    ]
    if connection.vendor == "postgresql":
        acts.append(author.delete)
    for act in acts:
        with pytest.raises(IntegrityError, match="fixed once it is published"), transaction.atomic():
            act()
