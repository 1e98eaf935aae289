"""An author of a letter has a logo, handed in or taken from the directory, and fixed with the letter."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Trail, User
from letters import publishing, writing
from letters.models import Author
from logos import drawing, replacing
from logos.models import Logo
from organisations.models import Evidence
from signatories.enrolled import enrolling
from tests import cast, entering
from tests.logos import pictures

pytestmark = pytest.mark.django_db

RING = drawing.draw(pictures.saved(pictures.mark()))
DRAFT = "/desk/letters/night-trains/draft/"


@pytest.fixture
def letter():
    return cast.night_trains()


@pytest.fixture
def author(letter):
    return letter.authors.get()


@pytest.fixture
def esra(client, letter):
    entering.enter(client, cast.esra(letter))
    return client


@pytest.fixture
def place(author):
    return f"{DRAFT}authors/{author.pk}/logo/"


def words(answer):
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def test_a_host_hands_it_in_and_the_letter_shows_it_before_and_after_it_is_published(
    esra, letter, author, place
):
    assert esra.post(place, pictures.file(pictures.photographed())).url == f"{DRAFT}#authors"
    logo = Logo.objects.get()
    assert (logo.author, logo.organisation) == (author, None)
    shown = f'src="/logos/{logo.name}.webp" width="160" height="240" alt="Logo of River Watch"'
    assert shown in words(esra.get(DRAFT)) and shown in words(esra.get(f"{DRAFT}as-read/"))
    publishing.publish(letter)
    assert shown in words(Client().get("/letters/night-trains/"))
    assert Client().get(f"/logos/{logo.name}.webp").status_code == 200


def test_handing_it_in_takes_a_proposal_back(esra, letter, place):
    letter.versions.update(proposed_by=cast.esra(letter, name="Dunya"), proposed_at=letter.opens_at)
    esra.post(place, pictures.file(pictures.annotated()))
    assert letter.versions.get().proposed_at is None


@pytest.mark.parametrize("data, reason", pictures.REFUSED.values(), ids=pictures.REFUSED)
def test_t42_what_is_no_plain_picture_is_refused_there_too(esra, letter, author, place, data, reason):
    before = replacing.replace(author, RING, by=User.objects.get(email__startswith="esra"))
    lines = Trail.objects.count()
    answer = esra.post(place, pictures.file(data))
    assert answer.status_code == 422
    assert reason in words(answer).split('id="error_1_id_picture"')[1].split("</span>")[0]
    assert Logo.objects.get() == before and Trail.objects.count() == lines


def test_the_directory_s_is_offered_where_readers_may_see_it_and_taken_as_a_copy(esra, letter, place):
    union = cast.known_union(cast.clean_rivers())
    theirs = replacing.replace(union, RING, by=cast.chidi())
    letter.authors.update(name="harbour  workers' union")
    assert "Take this one" not in words(esra.get(place))
    assert esra.post(place, {"known": "1"}).status_code == 422
    union.evidence.create(kind=Evidence.Kind.DNS, seen="harbour-workers.example")
    assert "Take this one" not in words(esra.get(place))  # it stands on no list (yet)
    enrolling.enrol(at_once=True)
    assert f"/logos/{theirs.name}.webp" in words(esra.get(place))
    assert esra.post(place, {"known": "1"}).status_code == 302
    replacing.remove(union, by=cast.chidi())
    mine = Logo.objects.get()
    assert mine.author == letter.authors.get() and bytes(mine.content) == RING.content


def test_it_goes_with_its_author_and_can_be_taken_away(esra, author, place):
    esra.post(place, pictures.file(pictures.annotated()))
    esra.post(place, {"remove": "1"})
    assert not Logo.objects.exists()
    esra.post(place, pictures.file(pictures.annotated()))
    esra.post(f"{DRAFT}authors/{author.pk}/", {"remove": "1"})
    assert not Logo.objects.exists() and not Author.objects.exists()


class TestPublished:
    @pytest.fixture
    def esra(self, letter):
        return cast.esra(letter)

    def test_it_is_fixed(self, esra, letter, author):
        logo = replacing.replace(author, RING, by=esra)
        publishing.publish(letter)
        for act in (
            lambda: replacing.replace(author, RING, by=esra),
            lambda: replacing.remove(author, by=esra),
        ):
            with pytest.raises(writing.NoDraft):
                act()
        assert Logo.objects.get() == logo

    def test_the_database_fixes_it(self, esra, letter, author):
        replacing.replace(author, RING, by=esra)
        other = Author.objects.create(letter=letter, order=1, name="Lake Watch")
        union = cast.known_union(cast.clean_rivers())
        publishing.publish(letter)
        theirs = replacing.replace(union, RING, by=esra)
        fields = {"content": RING.content, "width": RING.width, "height": RING.height}
        for act in (
            lambda: Logo.objects.create(author=other, **fields),
            lambda: Logo.objects.filter(author=author).update(width=9),
            lambda: Logo.objects.filter(author=author).update(author=None, organisation=union),
            lambda: Logo.objects.filter(pk=theirs.pk).update(author=other, organisation=None),
        ):
            with pytest.raises(IntegrityError, match="fixed once it is published"), transaction.atomic():
                act()

    def test_an_owner_of_the_site_takes_away_what_stands_there_without_right(
        self, client, esra, letter, author
    ):
        logo = replacing.replace(author, RING, by=esra)
        publishing.publish(letter)
        entering.enter(client, User.objects.create_superuser("owner@desk.example", cast.PASSWORD))
        page = f"/admin/logos/logo/{logo.pk}/"
        answer = client.get(f"{page}change/")
        assert "content" not in words(answer).split("<fieldset")[1].split("</fieldset>")[0]
        assert client.post(f"{page}delete/", {"post": "yes"}).status_code == 302
        assert not Logo.objects.exists() and Trail.objects.filter(what="logo deleted").count() == 1
        assert "/logos/" not in words(Client().get("/letters/night-trains/"))
