"""Form fields and parts of forms that the public forms are made of."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from babel.lists import format_list
from django import forms
from django.forms.utils import ErrorDict
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from signatories import countries

TICKED = frozenset({"on", "1", "true", "yes"})


class CleanedField(forms.CharField):
    """One line of text that a function of naming or addresses judges; empty where that is allowed."""

    def __init__(self, cleaner: Callable[[str], str], **options: Any) -> None:
        self.cleaner = cleaner
        super().__init__(strip=False, **options)

    def clean(self, value: Any) -> str:
        text = self.to_python(value) or ""
        if not text.strip(" \u00a0\u3000"):
            self.validate("")
            return ""
        return self.cleaner(text)


class Tick(forms.CheckboxInput):
    """A box that is ticked by what browsers and people send for yes, and by nothing else."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return str(data.get(name, "")).lower() in TICKED


class Part:
    """Puts a template between the fields of a layout; it sees the form."""

    def __init__(self, template: str) -> None:
        self.template = template

    def render(self, form: forms.Form, context: Any, **options: Any) -> SafeString:
        return render_to_string(self.template, {"form": form})


def in_a_row(names: Iterable[str]) -> SafeString:
    """Names in any script as a list in the reader's language, each keeping its own direction."""
    marked = [format_html("<bdi>{}</bdi>", name) for name in names]
    if not marked:
        return SafeString()
    row = format_list(["{}"] * len(marked), locale=countries.locale_of(get_language()))
    return format_html(row, *marked)


def problems(form: forms.Form) -> list[tuple[str, str, str]]:
    """What is wrong, in the order of the form: the element to go to, the field's label, the sentence.

    Label and element are empty where the page shows none.
    """
    errors: ErrorDict = form.errors
    found = [("", "", str(sentence)) for sentence in errors.get("__all__", [])]
    for field in form:
        for sentence in field.errors:
            # The label of a box or a choice is a sentence of its own and would only be in the way.
            is_line = not isinstance(field.field.widget, (forms.CheckboxInput, forms.RadioSelect))
            label = str(field.label) if is_line and not field.is_hidden else ""
            target = "" if field.is_hidden else field.id_for_label or f"{field.auto_id}_0"
            found.append((target, label, str(sentence)))
    return found
