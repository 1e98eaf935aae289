"""What moderators type about organisations: is it well formed?"""

import re
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from letters import countries
from letters.forms import DeskForm, language_field
from letters.languages import html_language
from organisations import verifying
from organisations.models import LONGEST_DESCRIPTION, Organisation
from scrutiny import addresses, naming

NUMBER = re.compile(r"(?:\d[\s().-]*){6}")  # days and years are shorter, or stand in words


class DescriptionsForm(DeskForm):
    """What an organisation is: a field for each language of the site."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for language, name in settings.LANGUAGES:
            box = {
                "rows": 3,
                "maxlength": LONGEST_DESCRIPTION,
                "lang": html_language(language),
                "dir": "auto",
            }
            self.fields[f"description_{language}"] = forms.CharField(
                label=format_lazy("{} ({})", _("What it is, in a sentence or two"), name),
                required=False,
                max_length=LONGEST_DESCRIPTION,
                widget=forms.Textarea(box),
            )

    @staticmethod
    def known(organisation: Organisation) -> dict[str, str]:
        """What the form begins with."""
        facts = {name: getattr(organisation, name) or "" for name in ("website", "country", "type")}
        return facts | {f"description_{row.language}": row.text for row in organisation.descriptions.all()}

    def answers(self) -> dict[str, Any]:
        facts = {name: self.cleaned_data[name] for name in ("website", "country", "type")}
        said = {language: self.cleaned_data[f"description_{language}"] for language, _ in settings.LANGUAGES}
        return facts | {"descriptions": said}


class FactsForm(DescriptionsForm):
    website = forms.CharField(
        label=_("Website"),
        required=False,
        help_text=_("If it moves to another domain, evidence of the old one falls."),
    )
    field_order = ("website", "country", "type")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["country"] = forms.ChoiceField(label=_("Country"), choices=countries.choices())
        self.fields["type"] = type_field()
        self.order_fields(self.field_order)

    def clean_website(self) -> str:
        website = self.cleaned_data["website"]
        return addresses.clean_website(website) if website else ""


def type_field() -> forms.ChoiceField:
    """What sort of organisation it is, which may stay untold."""
    choices = [("", _("Not told")), *Organisation.Type.choices]
    return forms.ChoiceField(label=_("Type of organisation"), choices=choices, required=False)


class CallForm(DeskForm):
    said = forms.CharField(
        label=_("Where the number was found, whom you spoke to, what they said"),
        max_length=LONGEST_DESCRIPTION,
        help_text=_("The role is enough, no name; the number itself is not kept."),
        widget=forms.Textarea({"rows": 3, "maxlength": LONGEST_DESCRIPTION, "dir": "auto"}),
    )

    def clean_said(self) -> str:
        said = self.cleaned_data["said"]
        if NUMBER.search(said) or "@" in said:
            raise forms.ValidationError(_("Leave out numbers and addresses: they are not kept here."))
        return said


class WordForm(DeskForm):
    """Whose word it is, who said it and when."""

    said = forms.CharField(
        label=_("Who of it said so, and how you know"),
        max_length=LONGEST_DESCRIPTION,
        help_text=_("The role is enough, no name, no number, no address."),
        widget=forms.Textarea({"rows": 3, "maxlength": LONGEST_DESCRIPTION, "dir": "auto"}),
    )
    said_on = forms.DateField(label=_("On which day"), widget=forms.DateInput({"type": "date"}))

    field_order = ("voucher", "said", "said_on")

    def __init__(self, *args: Any, vouchers: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", _("Choose one")), *vouchers]
        self.fields["voucher"] = forms.ChoiceField(
            label=_("Organisation that gives its word"),
            choices=choices,
            help_text=_("Those that are verified by themselves. Two of them give the badge."),
        )
        self.order_fields(self.field_order)

    clean_said = CallForm.clean_said

    def clean_said_on(self) -> date:
        day = self.cleaned_data["said_on"]
        today = timezone.now().date()
        if day > today:
            raise forms.ValidationError(_("This day has not come yet."))
        if day < today - verifying.LONG_AGO:
            raise forms.ValidationError(_("That is too long ago: ask them again."))
        return day


class NameForm(DeskForm):
    text = forms.CharField(
        label=_("Name"),
        strip=False,
        help_text=_("Its name in another language or script, a former name, or an abbreviation."),
        widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["language"] = language_field(_("Language"))

    def clean_text(self) -> str:
        return naming.clean_organisation(self.cleaned_data["text"])
