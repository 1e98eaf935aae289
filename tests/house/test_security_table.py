import re

import pytest

from tests import security_table
from tests.security_table import PAPER, by_row, rows_of, title

DUE = [
    *(f"t{number:02}" for number in [*range(1, 22), 26, 28, *range(31, 37), 41, 43, 44]),
    *(
        f"asvs{number:02}"
        for number in [
            *range(1, 9), *range(10, 16), 33, *range(38, 51), *range(52, 58), *range(59, 65), 66, 67, 69, 70,
        ]
    ),
]  # fmt: skip

# Rows that no test of this repository can prove, each with who does
NOT_BY_TEST = {
    "asvs55": "TLS to the outside, PostgreSQL and Redis is the operator's; towards mail servers see F15",
    "asvs56": "roles of the database are the operator's, docs/servers.md has them",
    "asvs57": "the firewall is the operator's, docs/servers.md has its rules",
}
# Rows that wait for what they protect; each goes from here once its first test is there
PENDING: set[str] = set()


def test_the_table_in_the_paper_is_that_of_the_tests():
    text = PAPER.read_text()
    assert text == security_table.renewed(text), "stale: python -m tests.security_table writes it anew"


def test_every_row_that_is_due_has_a_test_or_a_reason():
    proved = by_row()
    missing = [row for row in DUE if row not in proved and row not in NOT_BY_TEST and row not in PENDING]
    assert missing == []


def test_no_row_waits_or_is_excused_that_has_its_test():
    assert [row for row in sorted(PENDING | set(NOT_BY_TEST)) if row in by_row()] == []


@pytest.mark.parametrize("row", DUE)
def test_every_row_that_is_due_is_explained(row):
    assert re.search(rf"^\| {title(row)} \| \S", PAPER.read_text().partition(security_table.BEGIN)[0], re.M)


@pytest.mark.parametrize(
    ("name", "rows"),
    [("t05_a_scanner", ["t05"]), ("t17_asvs02_framed", ["t17", "asvs02"]), ("f01_f02_killed", ["f01", "f02"]),
     ("t20 nobody is logged", ["t20"]), ("a_letter", []), ("t5_short", []), ("forty_t05_x", [])],
)  # fmt: skip
def test_the_beginning_of_a_name_says_the_rows(name, rows):
    assert rows_of(name) == rows


def test_a_row_without_a_test_and_a_stale_table_are_noticed(monkeypatch):
    monkeypatch.setattr(security_table, "proofs", lambda: [("t01", "tests/x.py", "t01_x")])
    assert "t02" not in by_row() and "t01" in by_row()
    assert security_table.renewed(PAPER.read_text()) != PAPER.read_text()
