"""What the database knows of people, column by column: said once, beside the models of each app.

Every app says it in its own `privacy.py`. The table in docs/privacy.md and what a signer downloads are made
of it, and a test fails for a column that nobody has described.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.apps import apps
from django.db.models import Field, Model
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from vault.fields import SealedTextField

Words = str | Promise


class Form(StrEnum):
    """How a column is kept."""

    SEALED = "sealed"
    INDEX = "index"
    CLEAR = "clear"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column that tells of a person: what it is and why, who reads it, and when it is gone.

    `stays` says that something of it is left when the time of names and addresses is over.
    """

    what: Words
    why: str
    readers: str
    gone: str
    form: Form = Form.CLEAR
    stays: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """A model: of whom it tells, by which columns, and which other columns tell of nobody.

    `others` is None for models of other people's packages that tell of nobody, whose columns we do not list.
    """

    of: str
    columns: Mapping[str, Column] = field(default_factory=dict)
    others: tuple[str, ...] | None = ()


_tables: dict[str, Table] = {}


def describe(label: str, table: Table) -> None:
    """Say what a model ("app.Model") holds."""
    _tables[label] = table


def tables() -> dict[str, Table]:
    """What all models hold, in the order of the installed apps."""
    autodiscover_modules("privacy")
    labels = [model._meta.label for model in apps.get_models(include_auto_created=True)]
    return {label: _tables[label] for label in labels if label in _tables}


def table_of(model: type[Model]) -> Table:
    """What one model holds."""
    return tables()[model._meta.label]


def undescribed() -> Iterator[str]:
    """What stands in a model and in no description, or in a description and no model."""
    known = tables()
    for label in _tables.keys() - known.keys():
        yield f"{label} is described, and no model"
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label
        if label not in known:
            yield f"{label} is not described"
        elif (others := known[label].others) is not None:
            told = {*known[label].columns, *others}
            there = {column.name for column in model._meta.local_concrete_fields}
            yield from (f"{label}.{name} is not described" for name in sorted(there - told))
            yield from (f"{label}.{name} is described, and no column" for name in sorted(told - there))


def form_of(column: Field, described: Column) -> Form:
    """How a column is kept; what is sealed is seen at the field itself."""
    return Form.SEALED if isinstance(column, SealedTextField) else described.form
