"""Writes what the database knows of people into docs/privacy.md, from what each app says of its columns."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils import translation

from vault import privacy

PAPER = Path(settings.BASE_DIR) / "docs" / "privacy.md"


def describe(text: str) -> str:
    """The paper with its generated parts as they are by now; the rest stays."""
    with translation.override("en"):
        for name, part in (("columns", _columns()), ("what stays", _what_stays())):
            begin, end = f"<!-- {name}: made by manage.py describe_data -->", f"<!-- end of {name} -->"
            pattern = f"{re.escape(begin)}.*?{re.escape(end)}"
            new = "\n".join([begin, *part, end]).replace("\\", r"\\")
            text = re.sub(pattern, new, text, flags=re.DOTALL)
    return text


def _columns() -> Iterator[str]:
    yield "| column | of whom | what | why | kept | who reads it | gone |"
    yield "|---|---|---|---|---|---|---|"
    for label, table in privacy.tables().items():
        model = apps.get_model(label)
        for name, column in table.columns.items():
            form = privacy.form_of(model._meta.get_field(name), column)
            told = (column.what, column.why, form.value, column.readers, column.gone)
            yield f"| `{label}.{name}` | {table.of} | {' | '.join(map(str, told))} |"


def _what_stays() -> Iterator[str]:
    for label, table in privacy.tables().items():
        if table.of.startswith("signers") or table.of == "whoever was written to":
            for name, column in table.columns.items():
                if column.stays:
                    yield f"- `{label}.{name}`: {column.what} ({column.gone})"
