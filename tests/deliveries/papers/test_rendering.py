import json
import re
import socket

import pytest
from pypdf import PdfReader

from deliveries.dossiers import editions, freezing, parting
from deliveries.papers import rendering, stamping, typesetting
from deliveries.proofs import verifying
from letters.models import Recipient
from letters.translating import add_translation
from signatories.models import Visibility
from tests import cast

pytestmark = pytest.mark.once


@pytest.fixture
def edition(letter):
    add_translation(
        letter.current, language="ur", title="صاف دریا", summary="مختصر", body="محترم،\n\n1. **پانی**"
    )
    return freezing.edition_of(letter.current)


@pytest.fixture
def opened(tmp_path):
    def open_paper(content):
        (tmp_path / "paper.pdf").write_bytes(content)
        return PdfReader(tmp_path / "paper.pdf")

    return open_paper


def test_t39_the_same_edition_gives_the_same_bytes(edition):
    assert rendering.render(edition) == rendering.render(edition)


def test_the_list_is_inside_as_it_was_hashed(edition, opened):
    inside = opened(rendering.render(edition)).attachments[rendering.ATTACHMENT]
    assert inside == [editions.text(edition).encode()]


def test_t39_the_paper_tells_nothing_of_the_machine_it_was_made_on(edition, opened):
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
    edition = freezing.edition_of(letter.current)
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
    edition = freezing.edition_of(letter.current)
    edition["texts"][0]["body"] = markdown
    assert rendering.render(edition).startswith(b"%PDF-")


def test_a_name_in_a_script_without_type_points_to_the_list(letter, opened):
    cast.confirmed(letter, name="李文慧珠", email="li@canary.example", visibility=Visibility.PUBLIC)
    edition = freezing.edition_of(letter.current)
    text = " ".join(page.extract_text() for page in opened(rendering.render(edition)).pages)
    assert "no type for its script" in " ".join(text.split())
    assert "李文慧珠" in editions.text(edition)


def test_many_names_run_through_columns(letter):
    edition = freezing.edition_of(letter.current)
    one = edition["signatories"][0]
    edition["signatories"] = [one | {"number": number} for number in range(1, 1001)]
    assert len(rendering.pictures(edition, ppi=20)) > 10


def named(edition, *names, **more):
    """The edition with these names on its list."""
    one = edition["signatories"][0] | more
    edition["signatories"] = [one | {"number": number, "name": name} for number, name in enumerate(names, 1)]
    return edition


def words(paper):
    return " ".join(" ".join(page.extract_text() for page in paper.pages).split())


class TestLettersWithoutType:
    @pytest.mark.parametrize("name", ["李文慧珠", "Kim 金", "😀 Ada", "ไทย", "1\ufe0f\u20e3"])
    def test_whoever_releases_is_told_and_no_box_is_printed(self, letter, opened, name):
        edition = named(freezing.edition_of(letter.current), "Bela", name)
        assert rendering.unprintable(edition) == [name]
        text = words(opened(rendering.render(edition)))
        assert "no type for its script" in text and "□" not in text

    @pytest.mark.parametrize(
        "name", ["Þórbjörg Ægisdóttir", "Ольга", "Ελένη", "יעל", "غلام‌سخی", "सुनीता", "é x\u0301"]
    )
    def test_what_our_fonts_have_is_printed(self, letter, name):
        assert rendering.unprintable(named(freezing.edition_of(letter.current), name)) == []

    def test_a_role_without_type_points_to_the_list(self, letter, opened):
        edition = named(freezing.edition_of(letter.current), "Bela", role="教授")
        assert "(in the attached list)" in words(opened(rendering.render(edition)))

    def test_signs_in_the_letter_stand_as_their_numbers(self, letter, opened):
        edition = freezing.edition_of(letter.current)
        edition["texts"][0]["body"] = "We ask for **peace** 🕊 now, as everybody does who has signed below."
        text = words(opened(rendering.render(edition)))
        assert "[U+1F54A] now" in text and "its number in Unicode" in text

    def test_what_no_paper_may_hold_stands_as_its_number_too(self, letter, opened):
        edition = freezing.edition_of(letter.current)
        edition["texts"][0]["body"] = (
            "We ask\ufeff for **peace** \x01 now\ue123, as everybody does, \u1bab and more."
        )
        assert rendering.unprintable(edition) == [edition["texts"][0]["body"]]
        text = words(opened(rendering.render(edition)))
        assert "ask[U+FEFF] for peace [U+0001] now[U+E123]," in text and "[U+1BAB]" in text

    def test_a_text_in_a_script_without_type_is_in_the_list_alone(self, letter, opened):
        edition = freezing.edition_of(letter.current)
        edition["texts"][0]["body"] = "আমরা শান্তি চাই। " * 9
        text = words(opened(rendering.render(edition)))
        assert "no type for this text’s script" in text and "U+09" not in text
        assert edition["texts"][0]["body"].split("\n")[0] in rendering.unprintable(edition)

    def test_a_folder_of_fonts_that_is_not_there_is_an_error_in_words(self, letter, settings, tmp_path):
        for folder in (tmp_path / "nowhere", tmp_path):
            settings.PAPER_FONTS = str(folder)
            with pytest.raises(typesetting.FontsMissing, match=folder.name):
                rendering.unprintable(freezing.edition_of(letter.current))


class TestVolumes:
    @pytest.fixture
    def volumes(self, letter, monkeypatch):
        """Twelve names, five to a volume."""
        monkeypatch.setattr(parting, "VOLUME", 5)
        monkeypatch.setattr(rendering, "APART", 3)
        edition = named(freezing.edition_of(letter.current), *[f"Person Number{n}" for n in range(1, 13)])
        return edition, rendering.volumes(edition)

    def test_each_holds_its_names_and_says_the_hash_of_the_one_list(self, volumes, opened):
        edition, papers = volumes
        digest = editions.sha256(editions.text(edition).encode())
        assert len(papers) == 3 and papers[0] == rendering.render(edition)
        for number, paper in enumerate(map(opened, papers)):
            text = words(paper)
            held = [n for n in range(1, 13) if f"Number{n} " in text + " "]
            assert held == list(range(5 * number + 1, min(5 * number + 5, 12) + 1))
            assert f"Volume {number + 1} of 3" in text
            assert all(
                digest in page.extract_text() and "/letters/clean-rivers/" in page.extract_text()
                for page in paper.pages
            )

    def test_the_list_is_in_the_first_alone_and_the_others_say_what_they_are(self, volumes, opened):
        edition, papers = volumes
        assert rendering.ATTACHMENT in opened(papers[0]).attachments
        assert list(opened(papers[1]).attachments) == [parting.NOTE]
        finding = verifying.verify(stamping.stamp(papers[1]), keys=verifying.own_keys())
        assert finding.is_known and "volume 2 of 3: the names from 6 to 10" in finding.checked[1]
        assert editions.sha256(editions.text(edition).encode()) in finding.checked[1]

    def test_a_process_of_its_own_sets_the_same_bytes(self, volumes, monkeypatch):
        edition, papers = volumes
        monkeypatch.setattr(rendering, "APART", 100)
        assert rendering.volumes(edition) == papers

    def test_their_files_are_numbered(self):
        assert [parting.file_name("a", number) for number in (1, 2)] == ["a.pdf", "a-2.pdf"]


def test_it_says_of_who_is_counted_only_that_they_signed_and_not_that_they_gave_a_name(letter, opened):
    text = words(opened(rendering.render(freezing.edition_of(letter.current))))
    assert "signed by 3 signatories" in text and "put their names to" not in text


def test_nobodys_name_reads_a_file(letter, opened):
    name = '#read("/etc/passwd")'
    text = words(opened(rendering.render(named(freezing.edition_of(letter.current), name))))
    assert name.replace('"', "") in text.replace('"', "").replace("“", "").replace("”", "")
    assert "root:" not in text


def misfits(value, schema, place="$"):
    """Where a value is not what a schema says, for the few words of JSON Schema that ours uses."""
    kinds = {"object": dict, "array": list, "string": str, "integer": int}
    if ("type" in schema and not isinstance(value, kinds[schema["type"]])) or (
        ("const" in schema and value != schema["const"])
        or ("enum" in schema and value not in schema["enum"])
        or ("pattern" in schema and not re.search(schema["pattern"], value))
        or ("minimum" in schema and value < schema["minimum"])
        or not all(name in value for name in schema.get("required", []))
        or ("minItems" in schema and len(value) < schema["minItems"])
    ):
        return [place]
    found = []
    if isinstance(value, dict):
        known = schema.get("properties", {})
        found += [
            f"{place}.{name}" for name in value.keys() - known.keys() if not schema["additionalProperties"]
        ]
        for name in value.keys() & known.keys():
            found += misfits(value[name], known[name], f"{place}.{name}")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            found += misfits(one, schema["items"], f"{place}[{number}]")
    return found


class TestTheSchemaOfTheList:
    def test_is_inside_and_every_edition_keeps_to_it(self, letter, edition, opened):
        schema = json.loads(opened(rendering.render(edition)).attachments[parting.SCHEMA][0])
        assert schema["$schema"].endswith("2020-12/schema")
        public = freezing.edition_of(letter.current, edition=editions.PUBLIC)
        assert misfits(edition, schema) == misfits(public, schema) == []
        assert set(edition) <= set(schema["properties"]), "a new key wants its line in the schema"

    def test_t38_allows_no_column_beside_those_that_are_promised(self, edition):
        schema = json.loads(rendering.SCHEMA.read_text())
        edition["signatories"][0]["email"] = "bela@horvat.example"
        assert misfits(edition, schema) == ["$.signatories[0].email"]
        assert misfits(edition | {"taken_at": "yesterday"}, schema)[0] in {
            "$.taken_at",
            "$.signatories[0].email",
        }


def test_a_supplement_says_on_its_cover_what_it_adds_to(edition, opened):
    after = {"size": 1, "root": "0" * 64, "taken_at": edition["taken_at"]}
    edition |= {"supplement": {"number": 2, "after": after}, "total": 1403}
    text = words(opened(rendering.render(edition)))
    assert (
        "This is supplement 2 to the open letter" in text
        and "1,403 signatories stand under it in all" in text
    )
