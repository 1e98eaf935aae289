import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Trail
from letters import publishing
from signatories import signing
from signatories.enrolled import exporting, writing
from signatories.models import Visibility
from tests import cast
from tests.writing import written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def operator(settings):
    settings.OPERATOR_MAY_RELEASE = True


@pytest.fixture
def letter():
    letter = cast.clean_rivers()
    cast.bela(letter, role="Ferryman", affiliation="River Watch")
    cast.confirmed(letter, name="Rosa", email="rosa@canary.example", visibility=Visibility.RECIPIENT)
    cast.confirmed(letter, name="Carla", email="carla@canary.example", visibility=Visibility.COUNTED)
    cast.union(letter)
    cast.ada(letter)
    return letter


@pytest.mark.parametrize(
    ("profile", "names"),
    [("government", ["Bela Horvát", "Rosa"]), ("press", ["Bela Horvát"]), ("archive", ["Bela Horvát"])],
)
def test_a_profile_has_its_columns_and_who_agreed_to_be_in_it(letter, profile, names):
    rows = list(exporting.rows(letter, profile=profile))
    assert [row["name"] for row in rows] == names
    assert [row["number"] for row in rows] == list(range(1, len(names) + 1))
    assert all(tuple(row) == exporting.PROFILES[profile] for row in rows)


def test_no_profile_has_an_address_or_tells_of_who_is_held_or_counted_or_not_confirmed(letter):
    for profile in exporting.PROFILES:
        rows = exporting.rows(letter, profile=profile)
        told = written(writing.to_csv, rows, profile=profile).decode("utf-8-sig")
        assert not any(canary in told for canary in ("@", "canary", "Carla", "Harbour", "Ines", "Okoye"))


def test_who_withdrew_is_left_out_before_the_roll_is_settled(letter):
    signing.withdraw(letter.signatures.get(address=signing.address_index(cast.BELA)))
    assert [row["name"] for row in exporting.rows(letter, profile="government")] == ["Rosa"]


def test_a_recipient_is_told_only_of_those_who_signed_its_version(letter):
    recipient = letter.current.recipients.first()
    publishing.amend(letter)
    second = publishing.publish(letter)
    letter.refresh_from_db()
    assert len(list(exporting.rows(letter, profile="government", recipient=recipient))) == 2
    assert not list(exporting.rows(letter, profile="government", recipient=second.recipients.first()))
    other = cast.quiet_streets().current.recipients.first()
    with pytest.raises(exporting.NotItsLetter):
        list(exporting.rows(letter, profile="government", recipient=other))


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@sum",
        "\t=1",
        "\r=1",
        "|calc",
        "%x",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        " =1",
        "\u200b=1",
        "\ufeff-1",
    ],
)
def test_t09_what_a_spreadsheet_would_run_is_disarmed(cell):
    assert exporting.harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Bela Horvát", "O'Dwyer", "1", "", "李文慧珠", "غلام‌سخی", "a=b"])
def test_what_is_harmless_stays_as_it_is(cell):
    assert exporting.harmless(cell) == cell


def test_csv_opens_in_a_spreadsheet_with_every_cell_quoted():
    row = {"number": 1, "kind": "person", "name": '=HYPERLINK("x")'}
    row |= {"organisation": "", "role": "a\nb", "affiliation": "", "country": "GB"}
    content = written(writing.to_csv, [row], profile="press")
    assert content.startswith(b"\xef\xbb\xbf" + b'"number",')
    table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert table[1] == ["1", "person", '\'=HYPERLINK("x")', "", "a\nb", "", "GB"]


class TestTheCommand:
    def test_it_writes_a_file_and_a_line_of_the_trail(self, letter, tmp_path):
        file = tmp_path / "list.json"
        call_command("export", letter.slug, profile="government", format="json", output=file)
        assert [one["name"] for one in json.loads(file.read_text())] == ["Bela Horvát", "Rosa"]
        line = Trail.objects.get(what="exported")
        assert line.who is None and line.detail["rows"] == 2

    @pytest.mark.parametrize(
        ("slug", "options", "sentence"),
        [
            ("nowhere", {}, "no letter"),
            ("clean-rivers", {"format": "pdf", "profile": "press"}, "Only the government"),
            ("clean-rivers", {"recipient": 0}, "no recipient"),
        ],
    )
    def test_it_answers_in_words(self, letter, tmp_path, slug, options, sentence):
        answers = {"profile": "government", "format": "csv", "output": tmp_path / "list"}
        with pytest.raises(CommandError, match=sentence):
            call_command("export", slug, **(answers | options))
        assert not (tmp_path / "list").exists()

    def test_it_needs_the_operators_leave(self, letter, tmp_path, settings):
        settings.OPERATOR_MAY_RELEASE = False
        with pytest.raises(CommandError, match="OPERATOR_MAY_RELEASE"):
            call_command("export", letter.slug, profile="press", format="csv", output=tmp_path / "list")
