"""Which test proves which row of docs/security.md: collected from the names of the tests, written as a table.

`python -m tests.security_table` writes it anew. A test named `test_t05_asvs12_…` proves rows T5 and ASVS 12;
so does a rule of tests/house/test_rules.py whose name begins so.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator

from tests.house.places import ROOT, files

PAPER = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- generated: python -m tests.security_table -->", "<!-- end of what is generated -->"
ROW = re.compile(r"^(t|f|asvs)(\d\d)[_ ]")

# Rows whose proof is another row's: `headers.check` looks at items 1 to 8 in one go, and so on
SAME_AS = {
    "asvs02": "t17", "asvs04": "asvs01", "asvs05": "asvs01", "asvs06": "asvs01", "asvs07": "asvs01",
    "asvs08": "asvs01", "asvs11": "t15", "asvs13": "t13", "asvs33": "t01", "asvs41": "f22", "asvs46": "t07",
    "asvs47": "t09", "asvs48": "t16", "asvs54": "t18", "asvs59": "t01", "asvs61": "t43", "asvs63": "t20",
    "asvs67": "f03",
}  # fmt: skip


def rows_of(name: str) -> list[str]:
    """The rows that a name begins with: `t05` and `asvs12` of `t05_asvs12_nothing_is_confirmed`."""
    found = []
    while match := ROW.match(name):
        found.append(match[1] + match[2])
        name = name[match.end() :]
    return found


def proofs() -> Iterator[tuple[str, str, str]]:
    """Row, file and name of every test that proves one."""
    for file in files(".py", under=("tests",)):
        for node in ast.walk(ast.parse(file.read_text())):
            names: list[str] = []
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                names = [node.name.removeprefix("test_")]
            elif isinstance(node, ast.Dict) and file.name == "test_rules.py":
                names = [str(key.value) for key in node.keys if isinstance(key, ast.Constant)]
            for name in names:
                for row in rows_of(name):
                    yield row, str(file.relative_to(ROOT)), name


def by_row() -> dict[str, dict[str, list[str]]]:
    """For each row the files with its tests, and the names of these."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row, file, name in proofs():
        found[row][file].append(name)
    for row, other in SAME_AS.items():
        for file, names in found.get(other, {}).items():
            found[row][file] += names
    return found


def table() -> str:
    """The table between the markers."""
    lines = ["| row | tests |", "|---|---|"]
    for row, places in sorted(by_row().items(), key=lambda item: _place(item[0])):
        where = " · ".join(f"`{file.removeprefix('tests/')}`" for file in sorted(places))
        lines.append(f"| {title(row)} | {where} |")
    return "\n".join(lines)


def title(row: str) -> str:
    """As people write it: T5, F16, ASVS 12."""
    kind, number = re.match(r"([a-z]+)(\d+)", row).groups()  # type: ignore[union-attr]
    return f"ASVS {int(number)}" if kind == "asvs" else f"{kind.upper()}{int(number)}"


def _place(row: str) -> tuple[int, int]:
    kind, number = re.match(r"([a-z]+)(\d+)", row).groups()  # type: ignore[union-attr]
    return ["t", "asvs", "f"].index(kind), int(number)


def renewed(text: str) -> str:
    """The paper with the table as it should be now."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAPER.write_text(renewed(PAPER.read_text()))
