"""What somebody who needs a list says about it: is it well formed?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exports.models import Export
from letters import countries
from letters.forms import DeskForm
from signatories.models import Kind


class ExportForm(DeskForm, forms.ModelForm):
    class Meta:
        model = Export
        fields = ("profile", "format", "why", "kind", "country", "since", "until")
        labels = {"why": _("What it is needed for")}
        help_texts = {
            "why": _(
                "Whoever approves reads it, and it stays on the letter’s trail for two years. Name nobody."
            ),
            "since": _("The first day (UTC). Leave it empty for all."),
            "until": _("The last day (UTC)."),
        }
        widgets = {
            "since": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "until": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Who"), choices=[("", _("Everybody")), *Kind.choices], required=False
        )
        self.fields["country"] = forms.ChoiceField(
            label=_("Country"), choices=[("", _("All countries")), *countries.choices()], required=False
        )

    def clean_why(self) -> str:
        why = self.cleaned_data["why"]
        if "@" in why:
            raise forms.ValidationError(_("Leave addresses out: this stays on the trail for two years."))
        return why

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        since, until = facts.get("since"), facts.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first."))
        return facts
