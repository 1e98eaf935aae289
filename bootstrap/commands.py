"""What each command of the Makefile does."""

import base64
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from bootstrap import chromium, environment
from bootstrap.places import FIRST_ENV, PYTHON, ROOT, VAR, Stop

PRODUCTION_LIKE = {
    "DEBUG": "0",
    "ALLOWED_HOSTS": "letters.example",
    "SITE_URL": "https://letters.example",
    "DATABASE_URL": "postgres://undersigned@127.0.0.1/undersigned",
    "REDIS_URL": "redis://127.0.0.1:6379",
    "EMAIL_URL": "smtp+tls://mail.example:587",
    "DEFAULT_FROM_EMAIL": "Undersigned <letters@letters.example>",
}
BANDIT = ["--severity-level", "medium", "--configfile", "pyproject.toml", "--recursive", "."]
KEYS = ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY", "TOKEN_KEYS", "ROLL_KEY")


def main(arguments: list[str]) -> int:
    """Run the command named first; returns the exit status."""
    command = COMMANDS.get(arguments[0]) if arguments else None
    if command is None:
        print(f"Commands: {', '.join(COMMANDS)}", file=sys.stderr)
        return 1
    os.chdir(ROOT)
    try:
        return command() or 0
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run() -> int:
    """Serve the site with everything it needs, until Ctrl-C."""
    _prepare(environment.RUN)
    # Replaces this process, so that Ctrl-C and signals reach the one that runs the others
    os.execv(PYTHON, [str(PYTHON), "manage.py", "dev"])  # noqa: S606


def setup() -> None:
    """Have the environment, var/env and the translations ready."""
    _prepare(environment.DEVELOP)
    print("Ready. 'make run' serves the site, 'make test' tests it.")


def test() -> int:
    """All tests on PostgreSQL and Redis, then again on SQLite with a single browser story."""
    _prepare(environment.DEVELOP)
    chromium.ensure()
    more = os.environ.get("ARGS", "").split()
    # one more than there are cores: many tests wait for servers, mail and clocks
    workers = str(min((os.cpu_count() or 1) + 1, 4))
    pytest = [str(PYTHON), "-m", "pytest", "-n", workers, "--dist", "worksteal", "--durations", "15", *more]
    print("On PostgreSQL and Redis:", flush=True)
    first = subprocess.run(pytest, check=False, env=_without("DATABASE_URL", "REDIS_URL")).returncode
    print("What the database matters to, again on SQLite, with one browser story:", flush=True)
    on_sqlite = _without("DATABASE_URL", "REDIS_URL") | {"TEST_DATABASE_URL": "sqlite://"}
    some = ["-m", "smoke or not (browser or once)"]
    second = subprocess.run([*pytest, *some], check=False, env=on_sqlite).returncode
    return first or second


def lint() -> int:
    """Everything that can be said about the code without running it."""
    _prepare(environment.DEVELOP)
    manage = [str(PYTHON), "manage.py"]
    module = [str(PYTHON), "-m"]
    production = _production()
    questions = [
        # the longest first: the others are done meanwhile
        ("mypy", [*module, "mypy", "."], production),
        ("djlint", [*module, "djlint", "templates", "--lint", "--quiet"], None),
        # what bandit rates low (asserts, processes of our own) ruff asks about as well, line by line
        ("bandit", [*module, "bandit", "--quiet", *BANDIT], None),
        ("check --deploy", [*manage, "check", "--deploy", "--fail-level", "WARNING"], production),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run"], _on_sqlite()),
        ("locked hashes", [*module, "bootstrap.locks"], None),
        ("ruff check", [*module, "ruff", "check", "."], None),
        ("ruff format", [*module, "ruff", "format", "--check", "."], None),
    ]
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        answers = list(threads.map(lambda question: _passes(*question), questions))
    failed = [name for (name, *_), passes in zip(questions, answers, strict=True) if not passes]
    if failed:
        raise Stop(f"Failed: {', '.join(failed)}.")
    return 0


def bench() -> int:
    """Ratios of what the site does to what the machine can do."""
    _prepare(environment.DEVELOP)
    return subprocess.run([str(PYTHON), "-m", "benchmarks"], check=False).returncode


def seed() -> int:
    """The demo letters, in the database that 'make run' uses."""
    _prepare(environment.RUN)
    subprocess.run([str(PYTHON), "manage.py", "migrate", "--verbosity", "0"], check=True)
    return subprocess.run([str(PYTHON), "manage.py", "seed"], check=False).returncode


def pictures() -> int:
    """Screenshots of a running site into docs/."""
    _prepare(environment.DEVELOP)
    chromium.ensure()
    return subprocess.run([str(PYTHON), "-m", "tests.pictures"], check=False).returncode


def lock() -> int:
    """Resolve the requirements anew, each with its hashes."""
    environment.ensure(environment.DEVELOP)
    # without --universal the lock lacks what other Pythons need (async-timeout on 3.11.2)
    resolve = ["pip", "compile", "--system-certs", "--quiet", "--universal", "--python-version", "3.11"]
    uv = [str(PYTHON), "-m", "uv", *resolve, "--generate-hashes", "--no-emit-index-url", "--upgrade"]
    for name in ("requirements", "requirements-dev"):
        subprocess.run([*uv, f"{name}.in", "--output-file", f"{name}.txt"], check=True)
    return 0


def _prepare(locks: list[str]) -> None:
    environment.ensure(locks)
    write_first_env()
    compile_translations()
    keep_bytecode()


def keep_bytecode() -> None:
    """Let the processes that follow read compiled code: to compile it anew costs each two seconds.

    Where no bytecode is wanted beside the sources, it lies in var/.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(VAR / "bytecode"))


def write_first_env() -> None:
    """Fresh keys for this machine, once, for nobody else to read; none where the environment has its own."""
    if FIRST_ENV.exists() or os.environ.get("SECRET_KEY"):
        return
    VAR.mkdir(mode=0o700, exist_ok=True)
    lines = ["DEBUG=1", *(f"{name}={fresh_key()}" for name in KEYS)]
    unfinished = VAR / f"env.{os.getpid()}"
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("\n".join(lines) + "\n")
    unfinished.rename(FIRST_ENV)


def compile_translations() -> None:
    """Babel makes the .mo files: Django's own command needs msgfmt, which a bare machine lacks."""
    for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if environment.newer([source], target):
            babel = [str(PYTHON.with_name("pybabel")), "-q", "compile", "-i", str(source), "-o", str(target)]
            subprocess.run(babel, check=True)


def fresh_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")


def _production() -> dict[str, str]:
    return (
        dict(os.environ)
        | PRODUCTION_LIKE
        | {name: fresh_key() * 2 for name in KEYS[:1]}
        | {name: fresh_key() for name in KEYS[1:]}
    )


def _on_sqlite() -> dict[str, str]:
    # makemigrations looks into the database for applied migrations; a fresh one has no complaint
    return _production() | {"DATABASE_URL": "sqlite://:memory:"}


def _without(*names: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in names}


def _passes(name: str, command: list[str], environ: dict[str, str] | None) -> bool:
    result = subprocess.run(
        command, env=environ, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said = f"{name}: ok" if result.returncode == 0 else f"{name}: failed\n{result.stdout.strip()}"
    print(said, flush=True)
    return result.returncode == 0


COMMANDS = {
    "run": run, "setup": setup, "test": test, "lint": lint, "bench": bench, "seed": seed,
    "pictures": pictures, "lock": lock,
}  # fmt: skip
