"""Sealing everything anew under the newest key, so that an older one can be thrown away.

Which rows are still to be done is read off the sealed bytes themselves, whose header names their key. So
there is no bookkeeping that could be wrong: what was interrupted goes on where it stopped, and a row that
somebody writes meanwhile is under the newest key already.
"""

import logging
import time
from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import NamedTuple, Protocol

from django.apps import apps as installed
from django.apps.registry import Apps
from django.db import models, transaction
from django.db.models import BinaryField, ExpressionWrapper, F, Func, Q

from vault import sealing
from vault.failpoints import failpoint
from vault.fields import SealedTextField

logger = logging.getLogger(__name__)

BATCH = 500
PATIENCE = 30  # seconds: how long rows that others hold are waited for
BREATH = 0.2


class Step(NamedTuple):
    """What one batch has done to a model's rows."""

    model: type[models.Model]
    resealed: int
    unreadable: int


class Elsewhere(Protocol):
    """What is sealed in columns of other people's packages, which no field of ours tells of."""

    def left_over(self) -> int:
        """How many rows are not under the newest key."""

    def rotate(self) -> Iterator[Step]:
        """Seal them anew; tells of each batch."""


_elsewhere: list[Elsewhere] = []


def also(place: Elsewhere) -> None:
    """Have this sealed anew with everything else."""
    _elsewhere.append(place)


class RowsInUse(Exception):
    """Somebody held rows for longer than we wait. Nothing is lost: begin again."""


def sealed_models(apps: Apps = installed) -> dict[type[models.Model], list[SealedTextField]]:
    """Every model with sealed fields of its own, found by looking, so that a later one is not forgotten."""
    found = {
        model: [field for field in model._meta.local_concrete_fields if isinstance(field, SealedTextField)]
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return {model: fields for model, fields in found.items() if fields}


def rotate(*, batch: int = BATCH, apps: Apps = installed) -> Iterator[Step]:
    """Seal what is sealed under older keys under the newest, one transaction a batch; tells of each.

    It may run beside everything else: it locks a batch's rows, never waits for one while it holds others,
    and writes only what it has read under that lock. What no key of the ring opens is left as it is and
    counted. Raises RowsInUse.
    """
    for model, fields in sealed_models(apps).items():
        yield from _rotate_model(model, fields, batch)
    for place in _elsewhere:
        yield from place.rotate()


def left_over(apps: Apps = installed) -> int:
    """How many rows are not under the newest key."""
    ours = sum(stale(model, fields).count() for model, fields in sealed_models(apps).items())
    return ours + sum(place.left_over() for place in _elsewhere)


def stale(model: type[models.Model], fields: list[SealedTextField]) -> models.QuerySet:
    """The rows with a field whose header does not name the newest key."""
    headers = {
        f"header_of_{field.name}": Func(
            F(field.name), 1, sealing.HEADER_BYTES, function="SUBSTR", output_field=BinaryField()
        )
        for field in fields
    }
    newest = sealing.newest_header()
    old = (
        Q(**{f"{field.name}__isnull": False}) & ~Q(**{f"header_of_{field.name}": newest}) for field in fields
    )
    return model._base_manager.alias(**headers).filter(reduce(or_, old))


def _rotate_model(model: type[models.Model], fields: list[SealedTextField], batch: int) -> Iterator[Step]:
    last, given_up, tried = None, set[object](), time.monotonic()
    while True:
        rows, unreadable = _rotate_batch(model, fields, after=last, batch=batch)
        if rows:
            last = rows[-1]
            given_up |= unreadable
            yield Step(model, len(rows) - len(unreadable), len(unreadable))
            failpoint("rotated_a_batch")
            tried = time.monotonic()
        elif not stale(model, fields).exclude(pk__in=given_up).exists():
            return
        elif time.monotonic() - tried > PATIENCE:
            raise RowsInUse(model._meta.label)
        else:
            last = None  # others held them when we came by
            time.sleep(BREATH)


@transaction.atomic
def _rotate_batch(
    model: type[models.Model], fields: list[SealedTextField], *, after: object, batch: int
) -> tuple[list[object], set[object]]:
    """Seal up to `batch` rows anew; the keys of all, and of those that no key opens."""
    raw = {f"raw_{field.name}": ExpressionWrapper(F(field.name), BinaryField()) for field in fields}
    rows = stale(model, fields).order_by("pk").select_for_update(skip_locked=True, of=("self",))
    if after is not None:
        rows = rows.filter(pk__gt=after)
    found = list(rows.annotate(**raw).values("pk", *raw)[:batch])
    unreadable = set()
    for row in found:
        try:
            texts = {field.name: _text(field, row[f"raw_{field.name}"]) for field in fields}
        except sealing.Unreadable:
            unreadable.add(row["pk"])
        else:
            model._base_manager.filter(pk=row["pk"]).update(**texts)
    return [row["pk"] for row in found], unreadable


def _text(field: SealedTextField, sealed: bytes | None) -> str | None:
    return None if sealed is None else sealing.unseal(sealed, place=field.place)
