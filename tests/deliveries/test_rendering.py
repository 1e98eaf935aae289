import socket

import pytest
from pypdf import PdfReader

from deliveries import editions, preparing, rendering
from letters.models import Recipient
from letters.translating import add_translation
from signatories.models import Visibility
from tests import cast


@pytest.fixture
def edition(letter):
    add_translation(
        letter.current, language="ur", title="صاف دریا", summary="مختصر", body="محترم،\n\n1. **پانی**"
    )
    return preparing.edition_of(letter.current)


@pytest.fixture
def opened(tmp_path):
    def open_paper(content):
        (tmp_path / "paper.pdf").write_bytes(content)
        return PdfReader(tmp_path / "paper.pdf")

    return open_paper


def test_the_same_edition_gives_the_same_bytes(edition):
    assert rendering.render(edition) == rendering.render(edition)


def test_the_list_is_inside_as_it_was_hashed(edition, opened):
    inside = opened(rendering.render(edition)).attachments[rendering.ATTACHMENT]
    assert inside == [editions.text(edition).encode()]


def test_the_paper_tells_nothing_of_the_machine_it_was_made_on(edition, opened):
    paper = opened(rendering.render(edition))
    told = " ".join(map(str, (paper.metadata or {}).values()))
    assert socket.gethostname() not in told and "/" not in told.replace("D:", "")
    day = edition["taken_at"][:10].replace("-", "")
    assert f"D:{day}" in told


def test_it_is_tagged_in_its_language_and_says_its_hash_on_every_page(edition, opened):
    paper = opened(rendering.render(edition))
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"] and paper.trailer["/Root"]["/Lang"].startswith("en")
    digest = editions.sha256(editions.text(edition).encode())
    assert all(digest in page.extract_text() for page in paper.pages)


def test_who_reads_urdu_gets_a_cover_in_urdu_and_every_text(edition, letter, opened):
    recipient = letter.current.recipients.first()
    recipient.language = "ur"
    paper = opened(rendering.render(edition, recipient=recipient))
    assert paper.trailer["/Root"]["/Lang"].startswith("ur")
    assert "صاف دریا" in str(paper.metadata.title)
    assert any("Clean Rivers" in page.extract_text() for page in paper.pages)


def test_an_office_whose_language_nobody_translated_to_reads_english(edition, opened):
    recipient = Recipient(office="Ministère", language="fr", country="FR")
    assert "Clean Rivers" in opened(rendering.render(edition, recipient=recipient)).pages[0].extract_text()


@pytest.mark.parametrize(
    "name",
    [
        '#image("x")',
        "*Ada* _Okoye_",
        "$x$ @ref <label>",
        "\\u{1F600}",
        "李文慧珠",
        "सुनीता",
        "יעל",
        "غلام‌سخی",
        "😀★ Ʇ \u1780",
    ],
)
def test_no_name_is_read_as_markup_and_none_breaks_the_paper(letter, name):
    edition = preparing.edition_of(letter.current)
    edition["signatories"][0]["name"] = edition["signatories"][0]["role"] = name
    assert rendering.render(edition).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "markdown",
    [
        "",
        "# A\n\n> b\n\n---\n\n    code\n\n![x](y.png)",
        "<b>x</b> `y` [z](http://z.example)",
        "5. a\n6. b\n\n- c\n  - d",
    ],
)
def test_every_markdown_that_a_letter_may_hold_can_be_laid_out(letter, markdown):
    edition = preparing.edition_of(letter.current)
    edition["texts"][0]["body"] = markdown
    assert rendering.render(edition).startswith(b"%PDF-")


def test_a_name_in_a_script_without_type_points_to_the_list(letter, opened):
    cast.confirmed(letter, name="李文慧珠", email="li@canary.example", visibility=Visibility.PUBLIC)
    edition = preparing.edition_of(letter.current)
    text = " ".join(page.extract_text() for page in opened(rendering.render(edition)).pages)
    assert "no type for its script" in " ".join(text.split())
    assert "李文慧珠" in editions.text(edition)


def test_many_names_run_through_columns(letter):
    edition = preparing.edition_of(letter.current)
    one = edition["signatories"][0]
    edition["signatories"] = [one | {"number": number} for number in range(1, 1001)]
    assert len(rendering.pictures(edition, ppi=20)) > 10
