import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.places import APPS, ROOT, files

# What each app may import besides itself: only what lies to its left
LEFT = {
    "vault": set(),
    "accounts": {"vault"},
    "outbox": {"vault"},
    "letters": {"vault", "accounts", "outbox"},
    "scrutiny": {"vault", "accounts", "outbox", "letters"},
    "organisations": {"vault", "accounts", "outbox", "letters", "scrutiny"},
    "logos": {"vault", "accounts", "outbox", "letters", "scrutiny", "organisations"},
    "signatories": {"vault", "accounts", "outbox", "letters", "scrutiny", "organisations", "logos"},
    "search": {"vault", "accounts", "outbox", "letters", "scrutiny", "organisations", "signatories"},
    "spaces": {
        "vault", "accounts", "outbox", "letters", "scrutiny", "organisations", "logos", "signatories",
        "invitations",
    },
    "merges": {
        "vault", "accounts", "outbox", "letters", "scrutiny", "organisations", "logos", "signatories",
        "invitations",
        "spaces",
    },
    "invalidations": {"vault", "accounts", "outbox", "letters", "scrutiny", "organisations", "signatories"},
    "invitations": {"vault", "accounts", "outbox", "letters", "scrutiny", "organisations", "signatories"},
    "updates": {"vault", "accounts", "outbox", "letters", "scrutiny", "organisations", "signatories"},
    "deliveries": {
        "vault", "accounts", "outbox", "letters", "scrutiny", "organisations", "logos", "signatories",
        "invitations", "spaces", "updates",
    },
    "answers": {
        "vault", "accounts", "outbox", "letters", "scrutiny", "organisations", "logos", "signatories",
        "updates", "deliveries",
    },
    "exports": {
        "vault", "accounts", "outbox", "letters", "scrutiny", "organisations", "signatories", "invitations",
        "updates", "deliveries",
    },
}  # fmt: skip
OURS = {*APPS, "config", "tests", "bootstrap", "benchmarks"}
NAMELESS = {"utils.py", "helpers.py", "services.py", "signals.py", "common.py", "misc.py"}


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The top packages that a module imports, each with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name.split(".")[0]) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module.split(".")[0]


def trespasses(app: str, file: Path) -> list[str]:
    """Imports of `file` that point to the right of its app, or above."""
    allowed = LEFT[app] | {app}
    found = imported(ast.parse(file.read_text()))
    return [f"{file.name}:{line} imports {name}" for line, name in found if name in OURS - allowed]


@pytest.mark.parametrize("app", APPS)
def test_an_app_imports_only_what_lies_to_its_left(app):
    assert [wrong for file in files(".py", under=(app,)) for wrong in trespasses(app, file)] == []


@pytest.mark.parametrize("line", ["import deliveries", "from deliveries.models import Dossier"])
def test_letters_importing_deliveries_is_noticed(tmp_path, line):
    planted = tmp_path / "closing.py"
    planted.write_text(f"def close():\n    {line}\n")
    assert trespasses("letters", planted) == ["closing.py:2 imports deliveries"]


def test_no_import_hides_in_a_function():
    hidden = [
        f"{file.relative_to(ROOT)}:{inner.lineno}"
        for file in files(".py", under=(*APPS, "config"))
        for node in ast.walk(ast.parse(file.read_text()))
        # Django loads an app's own registrations in ready()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name != "ready"
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
        if {name for _, name in imported(ast.Module([inner], []))} & OURS
    ]
    assert hidden == []


def test_every_module_has_found_its_name():
    assert [file for file in files(".py", under=(*APPS, "config")) if file.name in NAMELESS] == []


# The rooms of a large app: what each may import of the app besides itself
ROOMS = {
    "models": set(),
    "dossiers": {"models"},
    "papers": {"models", "dossiers"},
    "returns": {"models", "announcing"},
    "proofs": {"models", "dossiers", "papers", "returns", "timeline", "feeds"},
}


def within(app: str, file: Path) -> set[str]:
    """What a module imports of its own app, by the room or module on the app's first floor."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == app:
            first = node.module.split(".")[1:2]
            found |= set(first) or {name.name for name in node.names}
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_of_deliveries_imports_only_what_lies_below_it(room):
    there = list(files(".py", under=(f"deliveries/{room}",)))
    assert there
    assert [(file.name, within("deliveries", file) - ROOMS[room] - {room}) for file in there
            if within("deliveries", file) - ROOMS[room] - {room}] == []  # fmt: skip


def test_a_paper_that_would_send_is_noticed(tmp_path):
    planted = tmp_path / "rendering.py"
    planted.write_text("from deliveries import sending\nfrom deliveries.dossiers import editions\n")
    assert within("deliveries", planted) - ROOMS["papers"] == {"sending"}
