"""Rules about single lines of code, each with the modules that may break it and a line that it notices."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from bootstrap import commands
from tests.house import finding
from tests.house.places import APPS, ROOT, files

pytestmark = pytest.mark.once


@dataclass
class Rule:
    """What `found` finds is wrong everywhere but in `but_for`; it notices `wrong` and lets `right` pass."""

    found: Callable[[ast.AST], Iterator[ast.AST]]
    wrong: list[str]
    right: list[str]
    but_for: set[str] = field(default_factory=set)


RULES = {
    "t08 asvs44 one module vouches for HTML": Rule(
        finding.vouching,
        ["mark_safe(x)", "safestring.mark_safe('<b>')", "SafeString(name)"],
        ["SafeString()", "def f() -> SafeString: ..."],
        {"letters/prose.py"},
    ),
    "t08 markup is not put together from pieces": Rule(
        finding.putting_together,
        [
            "format_html('<b>' + name + '</b>')",
            "format_html(f'<b>{name}</b>')",
            "format_html('<b>%s</b>' % name)",
            "format_html('<b>{}</b>'.format(name))",
            "format_html_join('', '<i>' + x, rows)",
        ],
        [
            "format_html('<b>{}</b>', name)",
            "format_html(row, *marked)",
            "format_html_join('', '<i>{}</i>', rows)",
        ],
    ),
    "t19 only what nudges puts work into the queue": Rule(
        finding.queueing,
        ["send.delay(1)", "app.send_task('x')", "send.apply_async((1,))", "send.delay_on_commit(1)"],
        ["delay(1)", "posting.nudge()", "queueing.queue('x', 1)"],
        {
            "outbox/posting.py",
            "outbox/queueing.py",
            "deliveries/tasks.py",
            "exports/tasks.py",
            "invalidations/tasks.py",
        },
    ),
    "t20 nobody is handed to a logger": Rule(
        finding.personal_arguments,
        [
            "logger.info('x %s', signature.name)",
            "logger.warning('x %s', email)",
            "logger.error('x %s', error)",
            "logger.info('x %s', str(1), request.POST['a'])",
            "logger.info('x', extra={'a': 1}, x=user.email)",
            "logging.getLogger(__name__).info('%s', tokens.code(x))",
            "logger.info('%s', f'{x}')",
        ],
        [
            "logger.info('x %s', signature.pk)",
            "logger.error('x: %s', type(error).__name__)",
            "logger.error('x: %s', place(error))",
            "logger.exception('x')",
            "print(name)",
        ],
    ),
    "t20 a line is a sentence with places to fill in": Rule(
        finding.made_up_lines,
        [
            "logger.info(f'x {name}')",
            "logger.info('x %s' % name)",
            "logger.info('x' + name)",
            "logger.info(text)",
        ],
        ["logger.info('x')", "logger.info('x %s', 1)"],
    ),
    "asvs45 SQL is written where the list says": Rule(
        finding.queries,
        [
            "Signature.objects.raw('SELECT 1')",
            "connection.cursor()",
            "RawSQL('1', [])",
            "x.extra(where=['1'])",
        ],
        ["Signature.objects.filter(pk=1)", "cursor = 1"],
        {
            "config/health.py",
            "outbox/clock.py",
            "outbox/turns.py",
            "signatories/enrolled/copying.py",
            "vault/moments.py",
            "vault/rules.py",
        },
    ),
    "t04 Django's signing stays with the tokens": Rule(
        finding.signing,
        [
            "from django.core import signing",
            "import django.core.signing",
            "from django.core.signing import dumps",
        ],
        ["from signatories import signing"],  # and even the tokens do without
    ),
    "t21 secrets are compared in constant time": Rule(
        finding.comparing,
        [
            "mac == given",
            "given != tokens.code(x)",
            "row.token == text",
            "text in macs",
            "self.nonce == nonce",
        ],
        ["hmac.compare_digest(mac, given)", "token == ''", "kind == 'person'"],
    ),
    "t18 one module asks who is at the other end": Rule(
        finding.peers,
        ["request.META['REMOTE_ADDR']", "request.headers.get('X-Forwarded-For')"],
        ["client_ip(request)"],
        {"vault/peers.py"},
    ),
    "t13 only two decorators lift Django's own check": Rule(
        finding.exempting,
        ["@csrf_exempt\ndef view(request): ...", "view = csrf.csrf_exempt(view)"],
        [
            "def origin_checked(view):\n    @csrf_exempt\n    def checked(request): ...",
            "@origin_checked\ndef v(): ...",
        ],
    ),
    "asvs50 nothing is unpickled or evaluated": Rule(
        finding.running,
        ["import pickle", "from yaml import load", "eval('1')", "exec(code)"],
        ["import json", "model.eval()"],
    ),
}
SLUGS = {name: re.sub(r"\W+", "_", name) for name in RULES}


@pytest.fixture(scope="module")
def modules() -> dict[str, ast.AST]:
    """Every module of ours, read once."""
    ours = (*APPS, "config")
    return {str(file.relative_to(ROOT)): ast.parse(file.read_text()) for file in files(".py", under=ours)}


def check(rule: Rule, modules: dict[str, ast.AST]) -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in modules.items()
        if name not in rule.but_for
        for node in rule.found(tree)
    ]
    assert found == []
    needless = {name for name in rule.but_for if name not in modules or not list(rule.found(modules[name]))}
    assert needless == set(), "these need no exception any more"


@pytest.mark.parametrize("rule", RULES.values(), ids=SLUGS.values())
def test_no_line_breaks_it(rule, modules):
    check(rule, modules)


@pytest.mark.parametrize(
    ("rule", "line"),
    [pytest.param(rule, line, id=line) for rule in RULES.values() for line in rule.wrong],
)
def test_a_line_that_breaks_it_is_noticed(rule, line):
    assert list(rule.found(ast.parse(line)))


@pytest.mark.parametrize(
    ("rule", "line"),
    [pytest.param(rule, line, id=line) for rule in RULES.values() for line in rule.right],
)
def test_a_line_that_keeps_it_passes(rule, line):
    assert not list(rule.found(ast.parse(line)))


def test_asvs70_bandit_stops_what_is_dangerous(tmp_path):
    planted = tmp_path / "careless.py"
    planted.write_text("import hashlib\nhashlib.md5(b'x')\neval('1')\n")
    [*options, _everything] = commands.BANDIT
    asked = subprocess.run(
        [sys.executable, "-m", "bandit", "--quiet", *options, planted],
        cwd=ROOT,
        check=False,
        capture_output=True,
    )
    assert asked.returncode == 1
    assert b"eval" in asked.stdout and b"md5" in asked.stdout.lower()
