"""What programs that are not ours say of a paper; where one is not installed, its test is skipped."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from deliveries.dossiers import editions, freezing
from deliveries.papers import rendering, stamping
from letters.translating import add_translation

pytestmark = pytest.mark.once

NOTO = Path("/usr/share/fonts/truetype/noto")


def asked(program, *arguments):
    """What the program answers; skipped without it."""
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def edition(letter):
    body = "محترم،\n\n1. **پانی** صاف ہو۔\n2. دریا بہے۔"
    add_translation(letter.current, language="ur", title="صاف دریا", summary="مختصر", body=body)
    return freezing.edition_of(letter.current)


@pytest.fixture
def paper(edition, tmp_path):
    file = tmp_path / "paper.pdf"
    file.write_bytes(stamping.stamp(rendering.render(edition)))
    return file


def test_t39_its_structure_is_sound(paper):
    code, said = asked("qpdf", "--check", str(paper))
    assert code == 0 and "No syntax or stream encoding errors" in said


def test_its_words_can_be_taken_out_in_their_order(paper, edition):
    _, said = asked("pdftotext", "-layout", str(paper), "-")
    assert "Clean Rivers" in said and "Bela Horvát" in said
    assert said.count(f"SHA-256 {editions.sha256(editions.text(edition).encode())}") >= 3


def test_another_program_finds_the_signature_whole(paper):
    _, said = asked("pdfsig", "-nocert", str(paper))
    assert "Signature is Valid" in said and "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_t39_it_is_tagged_and_tells_the_day_it_was_frozen_and_no_other(edition, tmp_path):
    (tmp_path / "unsigned.pdf").write_bytes(rendering.render(edition))
    _, said = asked("pdfinfo", "-isodates", str(tmp_path / "unsigned.pdf"))
    told = dict(re.findall(r"(?m)^(\w[\w ]*):\s+(.*)$", said))
    assert (told["Title"], told["Tagged"], told["JavaScript"]) == ("Clean Rivers", "yes", "no")
    assert re.fullmatch(r"Typst [\d.]+", told["Creator"]) and "Producer" not in told
    assert {told["CreationDate"][:10], told["ModDate"][:10]} == {edition["taken_at"][:10]}


def test_urdu_is_set_in_nastaliq_where_the_font_is(edition, letter, settings, tmp_path):
    if not (NOTO / "NotoNastaliqUrdu-Regular.ttf").exists():
        pytest.skip("Noto Nastaliq Urdu is not installed")
    settings.PAPER_FONTS = str(NOTO)
    recipient = letter.current.recipients.first()
    recipient.language = "ur"
    (tmp_path / "urdu.pdf").write_bytes(rendering.render(edition, recipient=recipient))
    _, said = asked("pdffonts", str(tmp_path / "urdu.pdf"))
    assert "NotoNastaliqUrdu" in said
