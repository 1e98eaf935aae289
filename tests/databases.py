"""One database is migrated in a run, as operators do it; every worker gets a copy, which takes no time."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from psycopg import sql

from tests.house.places import ROOT

KEPT = ("django_migrations", "django_content_type", "auth_permission")  # what is known of the models
# TRUNCATE makes every table and index anew, which takes a second. Like it this waits for transactions that
# still write, and asks no trigger.
EMPTY = """
DO $$ DECLARE tables text[]; name text; BEGIN
    SET LOCAL session_replication_role = replica;
    SELECT array_agg(quote_ident(tablename)) INTO tables FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> ALL (%s);
    EXECUTE 'LOCK TABLE ' || array_to_string(tables, ', ') || ' IN ACCESS EXCLUSIVE MODE';
    FOREACH name IN ARRAY tables LOOP
        EXECUTE 'DELETE FROM ' || name;
    END LOOP;
END $$
"""
_flush = TransactionTestCase._fixture_teardown


def empty_after_transactions() -> None:
    """Let tests with transactions of their own leave empty tables behind, as Django's do, but at once."""
    TransactionTestCase._fixture_teardown = _empty


def _empty(case: TransactionTestCase) -> None:
    if connection.vendor == "sqlite":
        tables = set(connection.introspection.table_names()) - set(KEPT)
        connection.ops.execute_sql_flush([f'DELETE FROM "{table}"' for table in sorted(tables)])
    elif _may_do_all():
        with connection.cursor() as cursor:
            cursor.execute(EMPTY, [list(KEPT)])
    else:
        _flush(case)


def _may_do_all() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return cursor.fetchone()[0]


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
