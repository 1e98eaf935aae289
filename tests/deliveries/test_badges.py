"""Which organisations were verified when a list was frozen stands in the edition and in its paper."""

import io
import json

import pytest
from pypdf import PdfReader

from deliveries.dossiers import editions, freezing
from deliveries.models import Dossier
from deliveries.papers import rendering, stamping
from deliveries.proofs import verifying
from organisations.models import Evidence
from signatories import signing
from signatories.enrolled import enrolling, exporting
from signatories.enrolled.exporting import Line
from signatories.models import Visibility
from tests import cast
from tests.deliveries.papers.test_rendering import misfits
from tests.deliveries.proofs.test_verifying import check, resealed

pytestmark = pytest.mark.once

UNION = "Harbour Workers' Union"
BADGE = "verified"
MEANING = "Verified: something proves that the organisation is itself"


@pytest.fixture
def union(letter):
    union = cast.known_union(letter)
    union.evidence.all().delete()
    enrolling.enrol(at_once=True)
    return union


@pytest.fixture
def proven(union):
    return union.evidence.create(kind=Evidence.Kind.DNS, seen="harbour-workers.example")


def told(edition, name=UNION):
    return next(one for one in edition["signatories"] if one["name"] == name)


def words(paper):
    pages = PdfReader(io.BytesIO(paper)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def editions_of(dossier):
    return json.loads(dossier.public_edition), freezing.edition_now(dossier)


class TestTheEdition:
    def test_says_who_was_verified_and_of_nobody_else_anything(self, letter, proven):
        for edition in editions_of(freezing.freeze(letter)):
            assert told(edition)["verified"] is True
            assert [one["name"] for one in edition["signatories"] if "verified" in one] == [UNION]
            assert misfits(edition, json.loads(rendering.SCHEMA.read_text())) == []
            assert check(editions.text(edition).encode()).is_known

    def test_says_nothing_where_nothing_proves_the_organisation(self, letter, union):
        for edition in editions_of(freezing.freeze(letter)):
            assert "verified" not in told(edition)

    def test_keeps_to_the_rule_of_the_public_list(self, letter, union, client):
        client.get(f"/letters/{letter.slug}/signatories/")
        for kind in (Evidence.Kind.MAILBOX, Evidence.Kind.DNS):
            row = union.evidence.create(kind=kind, seen="harbour-workers.example")
            shown = letter.listings.with_badges().get(name=UNION).is_verified
            assert told(freezing.edition_of(letter.current)).get("verified", False) == shown is True
            row.delete()
        assert not letter.listings.with_badges().get(name=UNION).is_verified

    def test_stays_as_it_was_frozen_when_the_proof_falls_later(self, letter, proven):
        dossier = freezing.freeze(letter)
        proven.delete()
        assert told(freezing.edition_now(dossier))["verified"] is True
        assert editions.sha256(editions.text(freezing.edition_now(dossier)).encode()) == dossier.sent_hash
        assert "verified" not in told(freezing.edition_of(letter.current))

    def test_tells_no_badge_of_who_hides_or_withdraws(self, letter, proven):
        dossier = freezing.freeze(letter)
        signature = letter.signatures.get(organisation__isnull=False)
        signing.hide(signature)
        lines = freezing.lines_now(dossier)
        assert not any(line.verified for line in lines)
        assert "verified" not in editions.text(freezing.edition_now(dossier))

    def test_a_representative_is_a_person_and_has_none(self, letter, proven):
        cast.confirmed(
            letter, name="Ines Duarte", email="ines@canary.example", affiliation=UNION,
            visibility=Visibility.PUBLIC,
        )  # fmt: skip
        enrolling.enrol(at_once=True)
        assert "verified" not in told(freezing.edition_of(letter.current), "Ines Duarte")

    def test_even_the_sites_own_key_gives_no_person_a_badge(self, letter, proven):
        edition = freezing.edition_of(letter.current)
        told(edition, "Bela Horvát")["verified"] = True
        with pytest.raises(verifying.CheckFailed, match="no organisation"):
            check(resealed(edition))

    def test_a_badge_that_is_added_is_found_out(self, letter, union):
        edition = freezing.edition_of(letter.current)
        told(edition)["verified"] = True
        with pytest.raises(verifying.CheckFailed, match="hash"):
            check(editions.text(edition).encode())


class TestThePaper:
    def test_has_the_badge_beside_the_name_and_says_what_it_means(self, letter, proven):
        edition = freezing.edition_of(letter.current)
        paper = rendering.render(edition)
        said = words(paper).replace("’", "'")
        assert f"{UNION} {BADGE}" in said and said.count(f" {BADGE} ") == 1 + said.count("that are verified ")
        assert MEANING in said
        assert rendering.render(edition) == paper
        assert check(stamping.stamp(paper)).is_known

    def test_says_nothing_of_badges_where_there_is_none(self, letter, union):
        said = words(rendering.render(freezing.edition_of(letter.current)))
        assert BADGE not in said and "Verified" not in said


class TestWhatWasFrozenBefore:
    @pytest.fixture
    def old(self, letter, proven):
        """A dossier whose lines were sealed when there was nothing of badges in them."""
        dossier = freezing.freeze(letter)
        lines = [line[: Line._fields.index("verified")] for line in dossier.unseal()]
        frozen = Dossier(key=dossier.key)
        dossier.names = frozen.seal_text(json.dumps(lines), place="deliveries.dossier.names")
        return dossier

    def test_opens_is_verified_and_gives_its_paper(self, old):
        edition = freezing.edition_now(old)
        assert "verified" not in told(edition)
        assert check(stamping.stamp(rendering.render(edition))).is_known


def test_no_export_gets_a_column_by_it(letter, proven):
    for profile, columns in exporting.PROFILES.items():
        assert all(tuple(row) == columns for row in exporting.rows(letter, profile=profile))
        assert "verified" not in columns
