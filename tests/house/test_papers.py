import ast
import itertools
import re

from django.core.management import get_commands

from tests.house.places import ROOT, files

READERS = {"text", "texts", "yes_or_no", "number", "database", "keys"}
# Said in two halves, so that this file is not its own first finding
OF_ONE_MACHINE = ("/wo" + "rk/", "/tmp/" + "wt", "/opt/" + "wheels", "/ro" + "ot/")
PROMISED = {"seed", "load_signatures", "export", "deliver", "verify"}
SWITCHES_OF_TESTS = {"UNDERSIGNED_TESTING"}
TEXT = (
    ".py",
    ".md",
    ".html",
    ".txt",
    ".css",
    ".js",
    ".toml",
    ".in",
    ".po",
    ".yml",
    ".sh",
    ".example",
    ".typ",
    "",
)


def variables_read() -> set[str]:
    """What settings and their thin layer ask the environment for."""
    names = set()
    for file in (ROOT / "config" / "settings.py", ROOT / "config" / "env.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in READERS
            ):
                names |= {part.value for part in node.args[:1] if isinstance(part, ast.Constant)}
    return names


def test_every_variable_stands_in_the_example_with_a_sentence():
    lines = (ROOT / ".env.example").read_text().splitlines()
    explained = set()
    for before, line in itertools.pairwise(lines):
        if found := re.match(r"#?([A-Z_]+)=", line):
            assert re.match(r"# .*\.$", before), f"{found[1]} has no sentence"
            explained.add(found[1])
    assert explained == variables_read() - SWITCHES_OF_TESTS


def test_papers_name_only_commands_that_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    commands = set(get_commands()) | PROMISED
    for paper in files(".md"):
        text = paper.read_text()
        assert set(re.findall(r"`make ([a-z]+)", text)) <= targets, paper
        assert set(re.findall(r"manage\.py ([a-z_]+)", text)) <= commands, paper


def test_papers_link_only_to_files_that_exist():
    for paper in files(".md"):
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", paper.read_text()):
            assert (paper.parent / target).exists(), f"{paper.name} links to {target}"


def test_nothing_names_the_machine_it_was_written_on():
    for file in files(*TEXT):
        words = file.read_text(errors="replace")
        assert not [path for path in OF_ONE_MACHINE if path in words], file


def test_what_hosts_are_told_to_press_stands_on_a_page_in_these_words():
    def plain(text: str) -> str:
        return " ".join(text.replace("’", "'").split())

    pages = plain(" ".join(file.read_text() for file in files(".html", ".py") if "tests" not in file.parts))
    told = re.findall(r'["“]([^"“”]{3,100})["”]', plain((ROOT / "docs" / "hosts.md").read_text()))
    assert len(told) > 50
    assert [words for words in told if words not in pages] == []
