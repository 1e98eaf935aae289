"""Form fields and parts of forms that the public forms are made of."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from babel.lists import format_list
from django import forms
from django.forms.utils import ErrorDict, flatatt
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from letters import countries
from signatories.models import Visibility

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


class CountrySelect(forms.Select):
    """All countries in the reader's language, made once: by templates they cost more than the page."""

    def use_required_attribute(self, initial: Any) -> bool:
        return True

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        attributes = flatatt(self.build_attrs(self.attrs, {"name": name} | (attrs or {})))
        options = country_options(get_language() or "en", value if value in countries.codes() else "")
        return format_html("<select{}>{}</select>", attributes, options)


@lru_cache(maxsize=32)
def country_options(language: str, chosen: str) -> SafeString:
    """The options of a list of countries, `chosen` among them being selected."""
    choices = [("", _("Choose a country")), *countries.choices(language)]
    rows = ((code, " selected" if code == chosen else "", name) for code, name in choices)
    return format_html_join("\n", '<option value="{}"{}>{}</option>', rows)


class CountryField(forms.ChoiceField):
    """A country by its ISO 3166-1 code; none is chosen beforehand."""

    widget = CountrySelect

    def valid_value(self, value: Any) -> bool:
        return value in countries.codes()


class VisibilityField(forms.ChoiceField):
    """Who may see the name; the choices, which name the recipients, are put into words for pages only."""

    def valid_value(self, value: Any) -> bool:
        return value in Visibility.values


class Part:
    """Puts a template between the fields of a layout; it sees the form."""

    def __init__(self, template: str) -> None:
        self.template = template

    def render(self, form: forms.Form, context: Any, **options: Any) -> SafeString:
        return render_to_string(self.template, {"form": form})


def offices_in_a_row(offices: Iterable[tuple[str, str]]) -> SafeString:
    """Offices with their countries as a list in the reader's language; each name keeps its own direction."""
    marked = [_in_its_country(office, country) for office, country in offices]
    if not marked:
        return format_html("{}", "")
    row = format_list(["{}"] * len(marked), locale=countries.locale_of(get_language()))
    return format_html(row, *marked)


def _in_its_country(office: str, country: str) -> SafeString:
    if not country:
        return format_html("<bdi>{}</bdi>", office)
    return format_html("<bdi>{}</bdi> ({})", office, countries.name(country))


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
