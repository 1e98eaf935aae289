"""Lists on paper, and lists of one type of organisation."""

import io

import pytest
from pypdf import PdfReader

from exports import filing, printing
from organisations.models import Organisation
from signatories.enrolled import enrolling
from tests import cast
from tests.exports.conftest import ASKED
from tests.exports.test_proposing import NEW
from tests.writing import written

pytestmark = [pytest.mark.once, pytest.mark.django_db]

NAMES = ["فاطمه حسینی", "Ольга Павленко", '#read("/etc/passwd")', "金 Kim", "=1+1"]


def words(content):
    return " ".join(
        "".join(page.extract_text() + "\n" for page in PdfReader(io.BytesIO(content)).pages).split()
    )


def rows(names, **more):
    known = {"kind": "person", "organisation": "", "role": "", "affiliation": "", "country": "PK"} | more
    return [known | {"number": number, "name": name} for number, name in enumerate(names, 1)]


def test_a_list_for_the_press_leaves_as_paper_by_two_people(ask, post, esra, dunya):
    export = ask(format="pdf")
    assert post(dunya, export, "approve", sha256=export.sha256).status_code == 302
    taken = post(esra, export, "take")
    assert taken["Content-Type"] == "application/pdf"
    content = b"".join(taken.streaming_content)
    told = words(content)
    assert "Bela Horvát" in told and "Rosa" not in told and "Carla" not in told
    assert export.name in told


def test_the_same_rows_are_the_same_bytes_and_nobodys_words_are_markup():
    first, second = (written(printing.to_pdf, rows(NAMES), profile="press", name="a-7") for _ in range(2))
    assert first == second
    told = words(first)
    assert '#read("/etc/passwd")' in told and "Ольга Павленко" in told and "[U+91D1] Kim" in told


def test_hashes_of_the_archive_are_whole():
    leaf = "0123456789abcdef" * 4
    content = written(printing.to_pdf, rows(["Bela"], version=leaf, leaf=leaf), profile="archive")
    assert words(content).replace(" ", "").replace("\u200b", "").count(leaf) == 2


def test_a_list_that_is_too_long_for_paper_is_refused_beside_the_format(esra, monkeypatch):
    monkeypatch.setitem(filing.MOST, "pdf", 1)
    answer = esra.post(NEW, ASKED | {"format": "pdf", "profile": "government"})
    assert answer.status_code == 422 and 'id="error_1_id_format"' in answer.content.decode()


def test_a_list_holds_the_type_that_is_asked_for(ask, letter, esra):
    union = cast.known_union(letter)
    enrolling.enrol(at_once=True)
    assert ask(type="union").rows == 0
    Organisation.objects.filter(pk=union.pk).update(type=Organisation.Type.UNION)
    export = ask(type="union")
    assert (export.rows, export.type) == (1, "union")
    assert "trade union" in esra.get("/desk/letters/clean-rivers/exports/").content.decode()


def test_persons_are_of_no_type(esra):
    answer = esra.post(NEW, ASKED | {"type": "union", "kind": "person"})
    assert answer.status_code == 422 and 'id="error_1_id_type"' in answer.content.decode()
