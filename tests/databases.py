"""One database is migrated in a run, as operators do it; every worker gets a copy, which takes no time."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection
from psycopg import sql

from tests.house.places import ROOT


def open_copy(run: Path) -> None:
    """Lead this process to a database of its own, with every table and no row but what migrations write.

    `run` is the directory of the run.
    """
    migrated = str(connection.settings_dict["NAME"])
    with (run / "migrating").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (run / "migrated").exists():
            _migrate(migrated)
            (run / "migrated").touch()
    name = f"{migrated}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    connection.close()
    if connection.vendor == "sqlite":
        shutil.copy(migrated, name)
    else:
        _ask(sql.SQL("CREATE DATABASE {} TEMPLATE {}"), name, migrated)
        # nobody cuts the power while tests run: no commit has to wait for the disk
        _ask(sql.SQL("ALTER DATABASE {} SET synchronous_commit TO off"), name)
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def drop_copy() -> None:
    """Throw away what `open_copy` made. A copy that is a file goes with the directory of the run."""
    connection.close()
    if connection.vendor == "postgresql":
        _ask(sql.SQL("DROP DATABASE {} WITH (FORCE)"), str(connection.settings_dict["NAME"]))


def _migrate(name: str) -> None:
    if connection.vendor == "postgresql":
        _ask(sql.SQL("CREATE DATABASE {}"), name)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT, env=os.environ | {"UNDERSIGNED_TESTING": "1"}, check=True,
    )  # fmt: skip


def _ask(question: sql.SQL, *names: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(question.format(*map(sql.Identifier, names)))
