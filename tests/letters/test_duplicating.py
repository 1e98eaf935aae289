"""A new draft from a letter that is there, at the desk."""

import pytest
from django.test import Client

from accounts.models import Trail, User
from letters.models import Letter, Role
from letters.translating import add_translation
from logos import drawing
from logos.models import Logo
from tests import cast, entering
from tests.letters.test_comparing import URDU
from tests.logos import pictures

pytestmark = pytest.mark.django_db

PAGE = "/desk/letters/quiet-streets/duplicate/"


@pytest.fixture
def letter():
    letter = cast.quiet_streets()
    add_translation(letter.current, **URDU)
    return letter


@pytest.fixture
def esra(letter):
    user, client = User.objects.create_user("esra@desk.example", name="Esra"), Client()
    Role.objects.create(letter=letter, user=user, kind=Role.Kind.AUTHOR)
    Role.objects.create(letter=letter, user=cast.chidi(), kind=Role.Kind.MODERATOR)
    entering.enter(client, user)
    return client


def test_its_words_offices_and_authors_go_along_and_nobody_else(letter, esra):
    cast.bela(letter)
    assert esra.post(PAGE, {"slug": "Quieter-Streets"}).url == "/desk/letters/quieter-streets/draft/"
    copy = Letter.objects.get(slug="quieter-streets")
    assert not copy.is_public() and copy.is_at_risk() and copy.opens_at is copy.closes_at is None
    assert copy.contact == letter.contact
    version = copy.versions.get()
    texts = {text.language: text for text in version.translations.all()}
    assert set(texts) == {"en", "ur"} and texts["ur"].body == URDU["body"]
    assert not any(text.reviewed_at or text.frozen_at or text.text_hash for text in texts.values())
    offices = [[row.office for row in one.recipients.all()] for one in (version, letter.current)]
    assert offices[0] == offices[1] != []
    assert [author.name for author in copy.authors.all()] == ["River Watch"]
    assert [(role.user.name, role.kind) for role in copy.roles.all()] == [("Esra", "owner")]
    assert copy.signatures.count() == 0
    assert Trail.objects.latest("pk").detail == {"copy_of": letter.pk}


def test_its_authors_keep_their_logos_each_at_a_place_of_its_own(letter, esra):
    ring = drawing.draw(pictures.saved(pictures.mark()))
    esra.post(PAGE, {"slug": "quieter-streets"})
    author = Letter.objects.get(slug="quieter-streets").authors.get()
    logo = Logo.objects.create(author=author, content=ring.content, width=ring.width, height=ring.height)
    esra.post("/desk/letters/quieter-streets/duplicate/", {"slug": "quietest-streets"})
    copied = Logo.objects.exclude(pk=logo.pk).get()
    assert copied.author == Letter.objects.get(slug="quietest-streets").authors.get()
    assert bytes(copied.content) == ring.content and copied.name != logo.name
    assert Logo.objects.get(pk=logo.pk).author == author
    assert copied.name in esra.get("/desk/letters/quietest-streets/draft/").content.decode()


def test_the_draft_of_a_letter_is_copied_and_stays_as_it_is(letter, esra):
    esra.post(PAGE, {"slug": "quieter-streets"})
    esra.post("/desk/letters/quieter-streets/draft/text/en/", {"title": "Quieter", "body": "Other words."})
    esra.post("/desk/letters/quieter-streets/duplicate/", {"slug": "quietest-streets"})
    third = Letter.objects.get(slug="quietest-streets")
    assert third.versions.get().translations.get(language="en").title == "Quieter"
    assert letter.current.translations.get(language="en").title == "Quiet Streets"


@pytest.mark.parametrize("slug", ["", "quiet-streets", "QUIET-STREETS", "new", "a b", "../x", "x" * 81])
def test_an_address_that_cannot_be_is_refused_beside_its_field(letter, esra, slug):
    answer = esra.post(PAGE, {"slug": slug})
    assert answer.status_code == 422 and 'id="error_1_id_slug"' in answer.content.decode()
    assert Letter.objects.count() == 1
