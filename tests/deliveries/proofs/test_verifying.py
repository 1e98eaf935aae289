import asyncio
import io
import json
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from deliveries.dossiers import editions, freezing
from deliveries.papers import certificates, rendering, stamping
from deliveries.proofs import verifying
from letters import correcting
from signatories.enrolled import receipts, roll
from tests import cast

pytestmark = pytest.mark.once

OTHERS = verifying.Keys(frozenset(), frozenset())


@pytest.fixture
def edition(letter):
    return freezing.edition_of(letter.current)


@pytest.fixture
def paper(edition):
    return stamping.stamp(rendering.render(edition))


def check(content):
    return verifying.verify(content, keys=verifying.own_keys(), unseal=stamping.check)


def resealed(edition):
    """What somebody with the roll's key but a false list would write."""
    frame = {name: value for name, value in edition.items() if name != "seal"}
    return editions.text(frame | {"seal": editions._seal(frame)}).encode()


def test_paper_dossier_and_receipt_are_accepted(paper, edition, letter):
    assert check(paper).is_known
    assert check(editions.text(edition).encode()).is_known
    assert check(receipts.text(receipts.receipt(cast.fresh(letter.signatures.first()))).encode()).is_known


def test_a_flipped_byte_is_refused_wherever_it_is(paper):
    dice = random.Random(7)
    begin = paper.index(b"/Contents <")
    spots = [begin + 9, begin + 10, begin + 11, begin + 500, begin + 2000, paper.index(b">", begin + 20), 6]
    spots += [begin + dice.randrange(2200) for _ in range(12)]
    spots += [dice.randrange(len(paper)) for _ in range(12)] + [len(paper) - 1]
    for spot in spots:
        for bit in (0x01, 0x20):  # the second only changes the case of a hexadecimal digit
            altered = bytearray(paper)
            altered[spot] ^= bit
            with pytest.raises(verifying.CheckFailed):
                check(bytes(altered))


def test_what_lies_too_deep_is_refused_in_words(db):
    with pytest.raises(verifying.CheckFailed, match="It is no paper"):
        check(b"[" * 200_000)


@pytest.mark.parametrize("more", [b"\n", b"%%EOF\n", b"1 0 obj<<>>endobj\nstartxref\n0\n%%EOF\n"])
def test_what_is_added_is_refused(paper, more):
    with pytest.raises(verifying.CheckFailed):
        check(paper + more)


def test_a_paper_that_was_never_signed_is_refused(edition):
    with pytest.raises(verifying.CheckFailed, match="does not bear one signature"):
        check(rendering.render(edition))


def test_a_signer_who_is_not_known_is_named_by_a_fingerprint(paper, edition):
    finding = verifying.verify(paper, keys=OTHERS)
    assert not finding.is_known and finding.signer == certificates.fingerprint()
    assert verifying.verify(editions.text(edition).encode(), keys=OTHERS).signer == roll.public_key()


@pytest.mark.parametrize(
    ("part", "value", "sentence"),
    [
        ("count", {"signatures": 4, "persons": 4, "organisations": 0}, "count is not the roll"),
        ("count", {"signatures": 3, "persons": 4, "organisations": 0}, "do not add up"),
        ("signatories", [], "length of the list"),
        ("unnamed", ["0" * 64], "not on the roll"),
        ("roll", [], "do not lead to the root"),
        ("texts", [], "missing"),
        ("recipients", [], "not those that were signed"),
    ],
)
def test_even_the_sites_own_key_cannot_seal_a_false_list(edition, part, value, sentence):
    with pytest.raises(verifying.CheckFailed, match=sentence):
        check(resealed(edition | {part: value}))


def test_slips_set_right_are_told_beside_the_text_that_was_signed(letter):
    text = letter.current.translations.select_related("version").get(language="en")
    right = {field: getattr(text, field) for field in correcting.FIELDS}
    right["body"] = right["body"].replace("ask", "asks")
    waiting = correcting.propose(text, right, by=cast.esra(letter))
    correcting.publish(text, number=waiting.pk, by=cast.esra(letter, name="Noor"))
    edition = freezing.edition_of(letter.current)
    assert edition["corrections"] == [{"language": "en", "before": "ask", "after": "asks"}]
    assert [one["body"] for one in edition["texts"] if one["language"] == "en"] == [text.body]
    paper = stamping.stamp(rendering.render(edition))
    assert check(paper).is_known
    assert "“ask” reads “asks”" in " ".join(
        "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages).split()
    )
    for false in ({"after": "refuse"}, {"before": "nowhere", "after": "nowheres"}, {"language": "xx"}):
        altered = edition | {"corrections": [edition["corrections"][0] | false]}
        with pytest.raises(verifying.CheckFailed, match="slip of the pen"):
            check(resealed(altered))


def test_an_altered_dossier_is_refused(edition):
    edition["signatories"][0]["name"] = "Somebody Else"
    with pytest.raises(verifying.CheckFailed, match="hash"):
        check(editions.text(edition).encode())


def test_a_receipt_with_another_name_is_refused(letter):
    receipt = receipts.receipt(cast.fresh(letter.signatures.first()))
    receipt["receipt"]["name"] = "Somebody Else"
    with pytest.raises(verifying.CheckFailed, match="not on the roll"):
        check(json.dumps(receipt).encode())


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"\xff", b"%PDF-1.7", b'{"format": "x"}'])
def test_anything_else_is_refused_in_words(content):
    with pytest.raises(verifying.CheckFailed):
        check(content)


class TestTheCommands:
    def test_the_governments_paper_is_accepted_by_verify(self, letter, tmp_path, capsys):
        paper = tmp_path / "paper.pdf"
        call_command("export", letter.slug, profile="government", format="pdf", output=paper)
        call_command("verify", str(paper))
        assert "trusted" in capsys.readouterr().out
        assert paper.stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize("form", ["pdf", "csv"])
    def test_what_took_an_old_file_s_place_is_for_its_owner_s_eyes(self, letter, tmp_path, form):
        output = tmp_path / f"list.{form}"
        output.write_bytes(b"old" * 100_000)
        output.chmod(0o644)
        call_command("export", letter.slug, profile="government", format=form, output=output)
        assert output.stat().st_mode & 0o777 == 0o600
        assert b"oldold" not in output.read_bytes()

    def test_keys_can_be_given(self, letter, paper, tmp_path, capsys):
        (tmp_path / "paper.pdf").write_bytes(paper)
        ours = [roll.public_key(), certificates.fingerprint()]
        (tmp_path / "ours.json").write_text(json.dumps({"keys": ours}))
        (tmp_path / "theirs.json").write_text(json.dumps({"keys": ["0" * 64]}))
        call_command("verify", str(tmp_path / "paper.pdf"), keys=tmp_path / "ours.json")
        with pytest.raises(CommandError, match=r"Whole, signer unknown: [0-9a-f]{64}") as refused:
            call_command("verify", str(tmp_path / "paper.pdf"), keys=tmp_path / "theirs.json")
        assert refused.value.returncode == 1

    def test_a_file_that_is_not_there_is_an_answer_in_words(self, tmp_path):
        with pytest.raises(CommandError, match="cannot be read") as untold:
            call_command("verify", str(tmp_path / "nothing.pdf"))
        assert untold.value.returncode == 2

    def test_what_cannot_be_told_ends_with_two(self, letter, tmp_path):
        early = receipts.unproven(cast.fresh(letter.signatures.first()))
        (tmp_path / "receipt.json").write_text(json.dumps(early))
        with pytest.raises(
            CommandError, match=r"It could not be checked here\. It holds no proof yet"
        ) as untold:
            call_command("verify", str(tmp_path / "receipt.json"))
        assert untold.value.returncode == 2


def test_the_certificate_is_made_once_for_its_owners_eyes(settings, tmp_path):
    settings.PDF_CERTIFICATE = str(tmp_path / "new" / "certificate.p12")
    first = certificates.fingerprint()
    assert certificates.file().stat().st_mode & 0o777 == 0o600
    assert certificates.fingerprint() == first
    assert [path.name for path in certificates.file().parent.iterdir()] == ["certificate.p12"]


def test_papers_are_stamped_and_checked_inside_a_running_event_loop(edition):
    async def within():
        return json.loads(stamping.check(stamping.stamp(rendering.render(edition))).attached)

    # in a thread of its own: a browser's loop may be running in this one
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, within()).result() == edition
