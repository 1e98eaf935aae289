"""Whatever somebody puts together, even sealed by a key of their own, is answered in words."""

import copy
import io
import json
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from deliveries.dossiers import editions, freezing, parting
from deliveries.papers import stamping
from deliveries.proofs import bundles, cases, statements, verifying
from letters import publishing
from signatories.enrolled import receipts
from tests import cast

pytestmark = [pytest.mark.once, pytest.mark.django_db]

THEIRS = Ed25519PrivateKey.from_private_bytes(bytes(32))
GENUINE = "It is genuine"
BARE = {"at": "z", "files": [{"sha256": "x"}], "kind": "case", "seal": {"signature": "y"}}
NOTE = {
    "format": parting.FORMAT, "volume": 2, "volumes": 3, "first": 6, "last": 10, "list": "0" * 64,
}  # fmt: skip


def checked(client, content: bytes):
    answer = client.post("/verify/", {"file": SimpleUploadedFile("file", content)})
    return answer.status_code, answer.content.decode()


def sealed(told: dict, *, says: str) -> bytes:
    """Anything, sealed as the site would seal it, by a key that anybody can make."""
    told = {name: value for name, value in told.items() if name != "seal"}
    seal = {says: editions.digest(told), "key": THEIRS.public_key().public_bytes_raw().hex()}
    seal |= {name: told.get(name) for name in ("edition", "kind", "letter")}
    signature = THEIRS.sign(publishing.canonical(seal)).hex()
    return publishing.canonical(told | {"seal": seal | {"signature": signature}})


@pytest.fixture
def paper_with(tmp_path):
    """What makes a paper of one empty page, with a file inside, under somebody else's certificate."""

    def made(inside: bytes, *, name: str = parting.NOTE) -> bytes:
        with override_settings(PDF_CERTIFICATE=str(tmp_path / "theirs.p12")):
            return stamping.stamp(empty(inside, name=name))

    return made


def empty(inside: bytes, *, name: str) -> bytes:
    writer, paper = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.add_attachment(name, inside)
    writer.write(paper)
    return paper.getvalue()


def test_a_case_file_whose_manifest_lacks_parts_is_refused(client):
    case = cases.pack({bundles.NAME: publishing.canonical(BARE)})
    status, page = checked(client, case)
    assert status == 422 and "Parts of it are missing" in page


@pytest.mark.parametrize("files", [[{"name": 1}], [{"name": []}], [{"name": "a", "size": 1}], [1], {}, None])
def test_a_manifest_that_lists_nonsense_is_refused(client, files):
    told = BARE | {"files": [{"sha256": "x"}, *(files or [])], "letter": "clean-rivers"}
    status, page = checked(client, cases.pack({bundles.NAME: sealed(told, says="bundle")}))
    assert status == 422 and GENUINE not in page


def test_an_archive_whose_manifest_lacks_parts_is_refused(tmp_path):
    (tmp_path / bundles.NAME).write_bytes(publishing.canonical(BARE))
    with pytest.raises(CommandError, match="Not genuine"):
        call_command("verify", str(tmp_path))


@pytest.mark.parametrize(
    "lacking", [{"format"}, set(NOTE) - {"format"}, {"volumes"}, {"list"}, {"first"}, {"last"}]
)
def test_a_paper_whose_note_lacks_parts_is_refused(client, paper_with, lacking):
    note = {name: value for name, value in NOTE.items() if name not in lacking}
    status, page = checked(client, paper_with(json.dumps(note).encode()))
    assert status == 422 and "It is not genuine" in page


@pytest.mark.parametrize(
    ("part", "value"),
    [("volume", "2"), ("volumes", {}), ("first", None), ("last", 1.5), ("list", "<b>"), ("list", 7),
     ("volume", True), ("volume", 1), ("volume", 4), ("first", 11)],
)  # fmt: skip
def test_a_paper_whose_note_is_nonsense_is_refused(client, paper_with, part, value):
    status, page = checked(client, paper_with(json.dumps(NOTE | {part: value}).encode()))
    assert status == 422 and "Parts of it are missing" in page


def test_a_note_that_is_whole_is_told(paper_with):
    paper = paper_with(json.dumps(NOTE).encode())
    finding = verifying.verify(paper, keys=verifying.own_keys())
    assert "volume 2 of 3" in finding.checked[-1]


def test_no_paper_or_case_file_is_taken_from_inside_a_paper(client, paper_with):
    """Else one upload would be as many checks as fit into it."""
    inside = paper_with(json.dumps(NOTE).encode())
    for content in (inside, cases.pack({bundles.NAME: b"{}"})):
        status, page = checked(client, paper_with(content, name=parting.ATTACHMENT))
        assert status == 422 and "It is no paper" in page


@pytest.fixture
def ours(letter) -> list[tuple[dict, str]]:
    """One of each that is JSON, with what its seal calls the hash; a receipt has none."""
    edition = freezing.edition_of(letter.current)
    receipt = receipts.receipt(cast.fresh(letter.signatures.first()))
    statement = {"format": statements.FORMAT, "letter": "clean-rivers", "issued_at": "2026-07-06T12:00:00Z"}
    return [(edition, "dossier"), (statement, "certificate"), (json.loads(receipts.text(receipt)), "")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["-1", "+", "-"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


def places(value: object, before: tuple = ()) -> list[tuple]:
    """The ways to every part of a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([before] if before else []), *(way for at, one in inner for way in places(one, (*before, at)))]


def changed(told: dict, way: tuple, value: object) -> dict:
    """The same with another value in one place, or with none, where the value is Ellipsis."""
    told = inner = copy.deepcopy(told)
    for at in way[:-1]:
        inner = inner[at]
    if value is ...:
        del inner[way[-1]]
    else:
        inner[way[-1]] = value
    return told


def test_whatever_part_is_missing_or_another_it_is_answered_in_words(ours):
    @settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(seed=st.integers(0, 10**9), value=JSON | st.just(...))
    def nothing_breaks(seed, value):
        dice = random.Random(seed)
        told, says = dice.choice(ours)
        told = changed(told, dice.choice(places(told)), value)
        try:
            content = sealed(told, says=says) if says else json.dumps(told).encode()
        except UnicodeEncodeError:  # half a character, which no file can hold
            return
        try:
            finding = verifying.verify(content, keys=verifying.own_keys())
        except (verifying.CheckFailed, verifying.CannotTell) as error:
            assert str(error)
        else:
            assert not (says and finding.is_known)

    nothing_breaks()
