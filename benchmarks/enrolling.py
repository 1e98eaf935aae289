"""What it costs to enrol signatures, compared with PostgreSQL writing the same rows by itself."""

import time
from statistics import median

from django.db import connection, models, transaction

from benchmarks.figures import Figure
from deliveries.demo import loading
from letters.models import Letter
from signatories.enrolled import enrolling
from signatories.models import Entry, Listing, Signature

ROUNDS = 5
COPIES = 10
Tables = dict[type[models.Model], str]


def cost(letter: Letter, *, count: int) -> Figure:
    """The time to enrol `count` signatures as a multiple of an INSERT … SELECT, median of interleaved rounds.

    The tables that are copied into are like ours: columns, indexes, checks and foreign keys.
    """
    twins: Tables = {model: _twin(model) for model in (Signature, Entry, Listing)}
    ours, copied = [], []
    for _ in range(ROUNDS):
        loading.add(letter, count=count // ROUNDS // COPIES)
        _multiply()
        lasts: dict[type[models.Model], int] = {model: _last(model) for model in (Entry, Listing)}
        _run(
            f"INSERT INTO {twins[Signature]} SELECT * FROM {_table(Signature)} WHERE unsettled_at IS NOT NULL"
        )
        _run("ANALYZE")
        began = time.perf_counter()
        enrolling.enrol(at_once=True)
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        _copy(twins, lasts)
        copied.append(time.perf_counter() - began)
    return Figure(
        f"Enrolling {count:,} signatures, to INSERT … SELECT",
        median(our / their for our, their in zip(ours, copied, strict=True)),
        5.0,
        f"{sum(ours):.1f} to {sum(copied):.1f} s: {_count(twins[Entry])} entries,"
        f" {_count(twins[Listing])} listings, as many signatures updated",
    )


def _multiply() -> None:
    """Make COPIES of every signature that waits, each of another signer: to seal them all takes minutes."""
    fresh = {
        "public_id": "left(md5(random()::text), 16)",
        "address": "md5(random()::text) || md5(random()::text)",
    }
    columns = [str(field.column) for field in Signature._meta.concrete_fields if not field.primary_key]
    values = [fresh.get(column, column) for column in columns]
    _run(
        f"INSERT INTO {_table(Signature)} ({', '.join(columns)}) SELECT {', '.join(values)} "
        f"FROM {_table(Signature)}, generate_series(2, {COPIES}) WHERE unsettled_at IS NOT NULL"
    )


@transaction.atomic
def _copy(twins: Tables, lasts: dict[type[models.Model], int]) -> None:
    for model, last in lasts.items():
        _run(f"INSERT INTO {twins[model]} SELECT * FROM {_table(model)} WHERE id > {last}")
    _run(
        f"UPDATE {twins[Signature]} SET enrolled_at = now(), unsettled_at = NULL "
        "WHERE unsettled_at IS NOT NULL"
    )


def _twin(model: type[models.Model]) -> str:
    """An empty table like the model's own. Returns its name."""
    table, twin = _table(model), f"twin_of_{_table(model)}"
    _run(f"CREATE TABLE {twin} (LIKE {table} INCLUDING ALL)")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype = 'f'",
            [table],
        )
        for (definition,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {twin} ADD {definition}")
    return twin


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table


def _last(model: type[models.Model]) -> int:
    return model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _count(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        (rows,) = cursor.fetchone()
    return f"{rows:,}"
