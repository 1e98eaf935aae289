"""The desk's page of numbers: what it shows, what it keeps from staff, and what it asks the database."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from letters.models import Role
from organisations.models import Organisation
from signatories import confirming
from signatories.enrolled import enrolling, overviewing, reckoning
from signatories.models import Cell, Signature
from tests import cast
from tests.letters.test_drafts import staff

pytestmark = pytest.mark.django_db

PAGE = "/desk/letters/clean-rivers/overview/"
QUIET = "/desk/letters/quiet-streets/overview/"


@pytest.fixture
def letter():
    return cast.clean_rivers()


def look(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def table(client, name, page=PAGE):
    answer = client.get(f"{page}{name}.csv")
    assert answer["Content-Disposition"].startswith("attachment")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def crowd(letter, number, country):
    for n in range(number):
        confirming.confirm(cast.attempt(letter, email=f"{country}{n}@people.example", country=country))
    enrolling.enrol(at_once=True)
    reckoning.reckon(letter)


def test_each_chart_has_a_table_and_a_file(letter):
    cast.ada(letter), cast.union(letter)
    crowd(letter, 2, "PK")
    crowd(letter, 1, "FR")
    client = staff("bo", Role.Kind.AUDITOR, letter=letter)
    page = look(client, PAGE)
    charts = overviewing.charts(letter)
    drawn = [chart for chart in charts if chart.rows]
    assert page.count('role="img"') == page.count("<details>") == len(drawn) == 7
    assert [chart.name for chart in charts if not chart.rows] == ["types"]
    assert table(client, "countries") == [["Country", "Signatures"], ["Pakistan", "2"], ["France", "1"]]
    assert table(client, "languages")[1:] == [["English", "3"]]
    assert table(client, "kinds")[1:] == [["person", "3"]]
    assert [row[1:] for row in table(client, "days")] == [["Joined", "Left"], ["3", "0"]]
    assert table(client, "funnel")[1:] == [
        ["Submitted", "5"], ["Mail left", "4"], ["Confirmed", "4"], ["Counted", "3"],
    ]  # fmt: skip
    assert table(client, "waiting")[1] == ["less than an hour", "1"]
    assert client.get(f"{PAGE}names.csv").status_code == 404


def test_what_came_back_and_how_long_the_queue_has_waited(letter):
    mailed = cast.mail_has_left(cast.ada(letter))
    Signature.objects.filter(pk=mailed.pk).update(bounced_at=timezone.now())
    union = cast.union(letter)
    Signature.objects.filter(pk=union.pk).update(held_at=timezone.now() - timedelta(hours=30))
    reckoning.reckon(letter)
    client = staff("bo", Role.Kind.AUDITOR, letter=letter)
    assert table(client, "mail")[1:] == [["Left", "2"], ["Came back", "1"]]
    assert dict(table(client, "waiting")[1:])["up to three days"] == "1"


def test_the_page_never_looks_at_signatures(letter):
    crowd(letter, 1, "PK")
    client = staff("bo", Role.Kind.OWNER, letter=letter)
    for path in (PAGE, f"{PAGE}countries.csv"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            look(client, path)
        tables = {name for query in asked for name in re.findall(r'"(signatories_\w+)"', query["sql"])}
        assert {name.split(".")[0] for name in tables} == {"signatories_cell", "signatories_reckoning"}, path


def test_organisations_are_counted_by_the_type_that_the_directory_knows(letter):
    union = cast.known_union(letter)
    Organisation.objects.filter(pk=union.pk).update(type=Organisation.Type.UNION)
    client = staff("bo", Role.Kind.OWNER, letter=letter)
    enrolling.enrol(at_once=True)
    reckoning.reckon(letter)
    assert table(client, "types") == [["Type", "Signatures"], ["trade union", "1"]]
    Organisation.objects.filter(pk=union.pk).update(type="")
    reckoning.reckon(letter)
    assert table(client, "types") == [["Type", "Signatures"]]


def test_t33_of_letters_at_risk_staff_see_no_group_below_ten_nor_its_name():
    quiet = cast.quiet_streets()
    crowd(quiet, 23, "PK")
    crowd(quiet, 9, "FR")
    client = staff("bo", Role.Kind.OWNER, letter=quiet)
    assert table(client, "countries", QUIET)[1:] == [["Pakistan", "20+"], ["others", "<10"]]
    assert [row[1:] for row in table(client, "days", QUIET)][1:] == [["30+", "<10"]]
    page = look(client, QUIET)
    assert "France" not in page and "fewer than 10" in page and ">23<" not in page
    assert table(client, "waiting", QUIET)[1] == ["less than an hour", "<10"]


def test_a_long_story_is_told_by_months_and_a_short_one_without_gaps(letter):
    for day, number in (("2026-01-30", 3), ("2026-02-02", 1)):
        Cell.objects.create(letter=letter, facet="joined", value=day, number=number)
    client = staff("bo", Role.Kind.OWNER, letter=letter)
    assert [row[1] for row in table(client, "days")[1:]] == ["3", "0", "0", "1"]
    Cell.objects.create(letter=letter, facet="left", value="2026-07-01", number=2)
    assert table(client, "days")[1] == ["2026-01", "3", "0"]
    assert table(client, "days")[-1] == ["2026-07", "0", "2"]


def test_an_empty_letter_says_so_and_others_letters_are_not_there(letter):
    client = staff("bo", Role.Kind.TRANSLATOR, letter=letter)
    assert look(client, PAGE).count("Nothing to show yet") == 8
    cast.letter("open-wells", "Open Wells")
    assert client.get("/desk/letters/open-wells/overview/").status_code == 404
    assert client.get("/desk/letters/open-wells/overview/days.csv").status_code == 404


def test_where_one_reads_from_right_to_left_bars_begin_there(letter):
    crowd(letter, 4, "PK")
    crowd(letter, 1, "FR")
    client = staff("bo", Role.Kind.OWNER, letter=letter)
    assert 'x="0.000%" width="25.000%"' in look(client, PAGE)
    assert 'x="75.000%" width="25.000%"' in look(client, f"/ur{PAGE}")
