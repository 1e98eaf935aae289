"""Each act that the code records on the trail has words, and so has each detail of one."""

import ast
from collections.abc import Iterator

import pytest

from accounts import acts
from accounts.models import Trail
from signatories.models import Decision, SecondLook
from tests.house.places import APPS, ROOT, files

# Calls that put the name of the act together: what they can say
PUT_TOGETHER = {
    "answers/reviewing.py": ["answer published", "answer declined"],
    "letters/writing.py": [
        "letter written", "recipient written", "author written", "recipient removed", "author removed",
    ],
    "organisations/proposing.py": ["name of an organisation proposed"],
    "organisations/seconding.py": [
        "change of an organisation accepted", "change of an organisation declined",
    ],
    "signatories/bundling.py": [f"signatures {verdict}" for verdict in ("approve", "reject", "ask", "undo")],
    "signatories/looking.py": [f"second look: {outcome}" for outcome in SecondLook.Outcome],
    "signatories/moderating.py": [f"signature {verdict}" for verdict in Decision.Verdict],
    "spaces/opening.py": ["colleague let in"],
}  # fmt: skip
REPAIR = "letters/admin.py"  # "letter changed" and the like, of any model: they say it as they are


def calls() -> Iterator[tuple[str, ast.Call]]:
    for file in files(".py", under=APPS):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "trail.record":
                yield str(file.relative_to(ROOT)), node


def told(node: ast.expr) -> list[str] | None:
    """The acts that an argument names; None where it is put together."""
    if isinstance(node, ast.IfExp):
        return [act for side in (node.body, node.orelse) for act in told(side) or []]
    return [node.value] if isinstance(node, ast.Constant) else None


CALLS = list(calls())
ACTS = {act for file, call in CALLS for act in told(call.args[0]) or PUT_TOGETHER.get(file, [])}


def test_each_act_has_words():
    assert len(ACTS) > 100
    assert sorted(ACTS - acts.WORDS.keys()) == []


def test_words_are_kept_for_nothing_that_nobody_does():
    assert sorted(acts.WORDS.keys() - ACTS - {"letter closed"}) == []
    assert acts.WORDS.keys() >= acts.BY_THE_SITE | acts.BY_THE_OPERATOR


def test_each_act_that_is_put_together_is_known_here():
    together = {file for file, call in CALLS if told(call.args[0]) is None}
    assert together == {*PUT_TOGETHER, REPAIR}


def test_each_detail_has_words():
    named = {word.arg for _file, call in CALLS for word in call.keywords} - {None, "about", "by", "letter"}
    assert len(named) > 40
    assert sorted(named - acts.DETAILS.keys()) == []


@pytest.mark.parametrize(
    ("act", "by"),
    [
        ("delivery prepared", "the site itself"),
        ("deliveries prepared", "the operator"),
        ("signatures forgotten", "nobody at the desk: the operator, or the site itself"),
        ("something of an older version", "nobody at the desk: the operator, or the site itself"),
    ],
)
def test_nobody_is_called_what_the_line_can_tell(act, by):
    assert acts.doer(Trail(what=act)) == by


def test_what_has_no_words_shows_as_it_is():
    line = Trail(what="painted", about_type="letters.letter", detail={"colour": "blue", "is_exempt": True})
    assert acts.said(line) == "painted"
    assert [(fact.name, fact.value) for fact in acts.facts(line)] == [
        ("passes always", "yes"), ("colour", "blue"),
    ]  # fmt: skip
