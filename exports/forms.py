"""What somebody who needs a list says about it: is it well formed?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exports import filing
from exports.models import Export
from letters import countries
from letters.forms import DeskForm
from letters.models import Letter, Version
from organisations.models import Organisation
from signatories.enrolled import exporting
from signatories.enrolled.exporting import Wanted
from signatories.models import Kind


class ExportForm(DeskForm, forms.ModelForm):
    """The list that is asked for; `version` stands there only where the letter has had several."""

    class Meta:
        model = Export
        fields = ("profile", "format", "why", "kind", "type", "country", "since", "until")
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

    def __init__(self, *args: Any, letter: Letter, **options: Any) -> None:
        super().__init__(*args, **options)
        published = letter.versions.filter(published_at__isnull=False)
        self.instance.version = letter.current
        if published.count() > 1:
            self.fields["version"] = _VersionField(
                label=_("Who signed version"), queryset=published, initial=letter.current, empty_label=None,
                help_text=_("Each version has a list of its own: who signed which text."),
            )  # fmt: skip
            self.order_fields(["profile", "version"])
        self.fields["kind"] = forms.ChoiceField(
            label=_("Who"), choices=[("", _("Everybody")), *Kind.choices], required=False
        )
        self.fields["type"] = forms.ChoiceField(
            label=_("Type of organisation"),
            choices=[("", _("All, and persons")), *Organisation.Type.choices],
            required=False,
            help_text=_("Where the directory knows it."),
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
        if facts.get("type") and facts.get("kind") == Kind.PERSON:
            self.add_error("type", _("Persons are of no type: choose organisations, or everybody."))
        if "version" in facts:
            self.instance.version = facts["version"]
        if not self.errors:
            self._check_room(facts)
        return facts

    def _check_room(self, facts: dict[str, Any]) -> None:
        wanted = Wanted(*(facts[field] for field in Wanted._fields))
        rows = exporting.count(self.instance.version, wanted)
        if not filing.has_room(facts["format"], rows):
            self.add_error(
                "format",
                _(
                    "This list has %(rows)s rows, and a file of this format holds %(most)s. "
                    "Choose another format, or ask for a part of the list."
                )
                % {"rows": rows, "most": filing.MOST[facts["format"]]},
            )


class _VersionField(forms.ModelChoiceField):
    def label_from_instance(self, version: Version) -> str:  # type: ignore[override]
        return str(version.number)
