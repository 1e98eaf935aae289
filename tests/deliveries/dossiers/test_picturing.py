"""The logos that readers saw when a letter was frozen stand in its paper, known by their SHA-256."""

import io
import json
import logging
import random

import pytest
from django.db import IntegrityError, connection, transaction
from PIL import Image
from pypdf import PdfReader

from deliveries import manifests
from deliveries.dossiers import editions, freezing, parting
from deliveries.models import LARGEST_PICTURE, Dossier, Picture, Release
from deliveries.papers import rendering, stamping
from deliveries.proofs import verifying
from letters import publishing
from letters.models import Letter
from logos import drawing
from logos.models import Logo
from organisations.models import Evidence
from signatories import signing
from signatories.enrolled import enrolling
from signatories.enrolled.exporting import Line
from signatories.models import Visibility
from tests import cast
from tests.deliveries.papers.test_rendering import misfits
from tests.deliveries.proofs.test_verifying import check, resealed
from tests.logos import pictures

UNION = "Harbour Workers' Union"


def given(owner, picture=None):
    """A logo that somebody of the desk handed in."""
    drawn = drawing.draw(pictures.saved(picture or pictures.mark(mode="RGBA")))
    fields = {"content": drawn.content, "width": drawn.width, "height": drawn.height}
    column = "organisation" if hasattr(owner, "evidence") else "author"
    return Logo.objects.create(**{column: owner}, **fields)


@pytest.fixture
def letter(db, request):
    """Signed by Bela; its author has a logo where a test asks for the author."""
    letter = cast.letter("clean-rivers", "Clean Rivers", published=False)
    if "author" in request.fixturenames:
        given(letter.authors.get(), pictures.mark(480, 160))
    publishing.publish(letter)
    letter = Letter.objects.select_related("current").get(pk=letter.pk)
    cast.bela(letter)
    enrolling.enrol(at_once=True)
    return letter


@pytest.fixture
def union(letter):
    """Public, and proven by more than a mailbox."""
    union = cast.known_union(letter)
    union.evidence.create(kind=Evidence.Kind.DNS, seen="harbour-workers.example")
    given(union)
    enrolling.enrol(at_once=True)
    return union


@pytest.fixture
def author(letter):
    return letter.authors.get()


def told(edition, name=UNION):
    return next(one for one in edition["signatories"] if one["name"] == name)


def images(paper):
    """How many pictures there are on the pages, and how they are read aloud."""
    reader = PdfReader(io.BytesIO(paper))
    everything = map(reader.get_object, range(1, reader.trailer["/Size"]))
    figures = [str(one["/Alt"]) for one in everything if isinstance(one, dict) and one.get("/S") == "/Figure"]
    return sum(len(page.images) for page in reader.pages), figures


class TestFreezing:
    def test_both_editions_name_each_logo_by_its_hash_and_its_bytes_are_kept(self, letter, union, author):
        dossier = freezing.freeze(letter)
        for edition in (json.loads(dossier.public_edition), freezing.edition_now(dossier)):
            named = {told(edition)["logo"], edition["authors"][0]["logo"]}
            assert named == {picture.sha256 for picture in dossier.pictures.all()}
            assert misfits(edition, json.loads(rendering.SCHEMA.read_text())) == []
            assert check(editions.text(edition).encode()).is_known
        assert {(one.of, one.name) for one in dossier.pictures.all()} == {
            ("organisation", UNION), ("author", author.name),
        }  # fmt: skip
        for picture in dossier.pictures.all():
            assert editions.sha256(bytes(picture.content)) == picture.sha256
            assert len(picture.content) <= LARGEST_PICTURE

    def test_what_readers_do_not_see_is_not_in_it(self, letter, union):
        union.evidence.exclude(kind=Evidence.Kind.MAILBOX).delete()
        assert "logo" not in told(freezing.edition_now(freezing.freeze(letter)))
        assert not Picture.objects.exists()

    def test_of_who_is_shown_to_the_offices_alone_there_is_no_logo(self, letter, union):
        letter.signatures.filter(organisation=union).update(visibility=Visibility.RECIPIENT)
        dossier = freezing.freeze(letter)
        assert "logo" not in told(freezing.edition_now(dossier)) and not dossier.pictures.exists()

    def test_one_that_cannot_be_decoded_is_left_out_and_the_log_says_which(self, letter, union, caplog):
        logo = union.logo
        Logo.objects.filter(pk=logo.pk).update(content=b"RIFF\x10\0\0\0WEBPVP8 broken")
        with caplog.at_level(logging.WARNING, logger="deliveries.dossiers.picturing"):
            dossier = freezing.freeze(letter)
        assert f"logo {logo.pk} is left out" in caplog.text and "NotAPicture" in caplog.text
        edition = freezing.edition_now(dossier)
        assert "logo" not in told(edition) and rendering.render(edition).startswith(b"%PDF-")

    def test_noise_is_made_small_enough(self, db):
        letter = cast.night_trains()
        given(letter.authors.get())
        dice = random.Random(1)
        noise = Image.frombytes("RGB", (480, 240), dice.randbytes(480 * 240 * 3))
        file = io.BytesIO()
        noise.save(file, "WEBP", quality=70)
        Logo.objects.update(content=file.getvalue())
        publishing.publish(letter)
        assert len(file.getvalue()) > LARGEST_PICTURE
        picture = freezing.freeze(Letter.objects.get(pk=letter.pk)).pictures.get()
        assert len(picture.content) <= LARGEST_PICTURE

    @pytest.mark.parametrize(
        "change", [{"name": "Other"}, {"content": b"RIFF....WEBP"}, {"sha256": "0" * 64}]
    )
    def test_what_was_kept_never_changes(self, letter, union, change):
        dossier = freezing.freeze(letter)
        with pytest.raises(IntegrityError), transaction.atomic():
            dossier.pictures.update(**change)

    @pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite's tables are emptied by DELETE")
    def test_what_was_kept_never_goes(self, letter, union):
        dossier = freezing.freeze(letter)
        with pytest.raises(IntegrityError), transaction.atomic():
            dossier.pictures.all().delete()

    @pytest.mark.parametrize(
        "fields",
        [{"content": b"<svg/>"}, {"content": b"RIFF....WEBP" + b"x" * LARGEST_PICTURE}, {"of": "person"}],
    )
    def test_the_database_takes_small_webp_of_authors_and_organisations_alone(self, letter, fields):
        dossier = freezing.freeze(letter)
        right = {"of": "author", "name": "x", "content": b"RIFF....WEBP", "sha256": "0" * 64}
        with pytest.raises(IntegrityError), transaction.atomic():
            Picture.objects.create(dossier=dossier, **(right | fields))

    def test_who_hides_later_takes_the_logo_out_of_what_leaves(self, letter, union):
        dossier = freezing.freeze(letter)
        signing.hide(letter.signatures.get(organisation=union))
        edition = freezing.edition_now(dossier)
        assert '"logo"' not in editions.text(edition) and images(rendering.render(edition))[0] == 0


class TestThePaper:
    def test_shows_them_and_each_is_read_aloud_as_its_name(self, letter, union, author):
        edition = freezing.edition_now(freezing.freeze(letter))
        paper = rendering.render(edition)
        count, figures = images(paper)
        assert count == 2 and sorted(figures) == sorted([author.name, UNION])
        assert check(stamping.stamp(paper)).is_known

    def test_is_the_same_bytes_twice_whatever_the_logos_are_by_then(self, letter, union, author):
        dossier = freezing.freeze(letter)
        paper = rendering.render(freezing.edition_now(dossier))
        Logo.objects.all().delete()
        given(union, pictures.mark(100, 100))
        assert rendering.render(freezing.edition_now(dossier)) == paper
        assert images(paper)[0] == 2

    def test_shows_them_also_where_nothing_is_frozen(self, letter, union, author):
        edition = freezing.edition_of(letter.current)
        paper = rendering.render(edition)
        assert images(paper)[0] == 2 and rendering.render(edition) == paper
        assert not Picture.objects.exists()

    def test_a_process_of_its_own_sets_the_same_bytes(self, letter, union, author, monkeypatch):
        edition = freezing.edition_now(freezing.freeze(letter))
        paper = rendering.render(edition)
        monkeypatch.setattr(rendering, "APART", 0)
        assert rendering.render(edition) == paper

    def test_goes_without_a_logo_that_is_nowhere(self, letter, union, caplog):
        edition = freezing.edition_of(letter.current)
        Logo.objects.all().delete()
        paper = rendering.render(edition)
        assert images(paper)[0] == 0 and "goes without" in caplog.text

    def test_of_many_organisations_and_in_further_volumes(self, letter, union, monkeypatch):
        edition = freezing.edition_of(letter.current)
        one = told(edition)
        edition["signatories"] = [one | {"number": number} for number in range(1, 321)]
        assert images(rendering.render(edition))[1] == [UNION] * 320
        monkeypatch.setattr(parting, "VOLUME", 200)
        assert [len(images(paper)[1]) for paper in rendering.volumes(edition)] == [200, 120]

    def test_even_the_sites_own_key_gives_no_person_a_logo(self, letter, union):
        edition = freezing.edition_of(letter.current)
        told(edition, "Bela Horvát")["logo"] = told(edition)["logo"]
        with pytest.raises(verifying.CheckFailed, match="no organisation"):
            check(resealed(edition))


def test_what_was_frozen_without_logos_opens_as_before(letter, union):
    dossier = freezing.freeze(letter)
    lines = [line[: Line._fields.index("verified")] for line in dossier.unseal()]
    dossier.names = Dossier(key=dossier.key).seal_text(json.dumps(lines), place="deliveries.dossier.names")
    edition = freezing.edition_now(dossier)
    assert "logo" not in told(edition) and check(stamping.stamp(rendering.render(edition))).is_known


def test_another_logo_of_the_author_voids_what_was_proposed(letter, author):
    dossier = freezing.freeze(letter)
    release = Release(letter=letter, version=letter.current, dossier=dossier, proposed_by=cast.esra(letter))
    release.save()
    before = manifests.of(release)
    assert manifests.of(release) == before
    Logo.objects.filter(author=author).delete()
    assert manifests.of(release) != before
