"""Database rules that a constraint cannot say: triggers, written once for PostgreSQL and SQLite.

Django rebuilds a table on SQLite when it alters one, and its triggers are gone: a migration that
alters a guarded table wraps what it does in `keeping`. The tests of the rules notice when it does not.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import migrations


class Rule(NamedTuple):
    """Refuse `event` ("INSERT", "UPDATE", "DELETE") on `table` while the SQL condition `when` holds.

    A column that may be NULL is compared by IS DISTINCT FROM: `<>` with NULL is neither true nor false.
    """

    name: str
    table: str
    event: str
    when: str
    sentence: str


NOT_EMPTIED = (
    "CREATE FUNCTION {table}_is_never_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION '{table} is never emptied.' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_never_emptied()",
)
EMPTIED = (
    "DROP TRIGGER {table}_is_never_emptied ON {table}",
    "DROP FUNCTION {table}_is_never_emptied()",
)


def operation(*rules: Rule) -> migrations.RunPython:
    """The migration operation that puts the rules in force."""
    return migrations.RunPython(_for_each(rules, _create), _for_each(rules, _drop))


def repeal(*rules: Rule) -> migrations.RunPython:
    """The migration operation that takes rules out of force."""
    return migrations.RunPython(_for_each(rules, _drop), _for_each(rules, _create))


def never_emptied(*tables: str) -> migrations.RunPython:
    """The migration operation that refuses TRUNCATE, which no rule for rows sees; SQLite has none."""
    return migrations.RunPython(_on_postgresql(tables, NOT_EMPTIED), _on_postgresql(tables, EMPTIED))


def _on_postgresql(tables: tuple[str, ...], statements: tuple[str, ...]) -> Callable[[Any, Any], None]:
    def run(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            for table in tables:
                for statement in statements:
                    schema_editor.execute(statement.format(table=table))

    return run


def keeping(table: str, *operations: Any) -> list[Any]:
    """The operations on a guarded table, after which its rules are in force as before.

    Rules of other tables that look into this one are taken off as well: SQLite reads them all at a rename.
    """
    remembered: dict[str, str] = {}

    def take_off(apps: Any, editor: Any) -> None:
        remembered.update(_triggers(editor, table))
        for name in remembered:
            editor.execute(f"DROP TRIGGER {name}")

    def put_back(apps: Any, editor: Any) -> None:
        for sql in remembered.values():
            editor.execute(sql)

    return [
        migrations.RunPython(take_off, put_back),
        *operations,
        migrations.RunPython(put_back, take_off),
    ]


def _triggers(editor: Any, table: str) -> dict[str, str]:
    """The SQL of each trigger on the table, or in which the table is named."""
    if editor.connection.vendor != "sqlite":
        return {}
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {name: sql for name, sql in cursor.fetchall() if re.search(rf"\b{table}\b", sql)}


def _for_each(rules: tuple[Rule, ...], act: Callable[[Any, Rule], None]) -> Callable[[Any, Any], None]:
    def run(apps: Any, schema_editor: Any) -> None:
        for rule in rules:
            act(schema_editor, rule)

    return run


def _create(editor: Any, rule: Rule) -> None:
    if editor.connection.vendor == "sqlite":
        if rule.event == "DELETE":
            return  # Django empties SQLite tables by DELETE; the embedded database is for trying out
        when = rule.when.replace("IS DISTINCT FROM", "IS NOT")  # what SQLite before 3.39 calls it
        editor.execute(
            f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} FOR EACH ROW "
            f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{rule.sentence}'); END"
        )
        return
    row = "OLD" if rule.event == "DELETE" else "NEW"
    editor.execute(
        f"CREATE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF ({rule.when}) THEN RAISE EXCEPTION '{rule.sentence}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; "
        f"END IF; RETURN {row}; END $$"
    )
    editor.execute(
        f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {rule.name}()"
    )


def _drop(editor: Any, rule: Rule) -> None:
    if editor.connection.vendor == "sqlite":
        editor.execute(f"DROP TRIGGER IF EXISTS {rule.name}")
        return
    editor.execute(f"DROP TRIGGER {rule.name} ON {rule.table}")
    editor.execute(f"DROP FUNCTION {rule.name}()")
