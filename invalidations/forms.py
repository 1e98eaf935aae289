"""By which conditions signatures are looked for: are they well formed?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from invalidations.models import Invalidation
from letters.forms import DeskForm

MOST_STARS = 3  # each more makes a name slower to compare
MOMENT = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
CONDITIONS = ("domain", "name", "is_by_network", "since", "until", "score")


class InvalidationForm(DeskForm, forms.ModelForm):
    domain = forms.CharField(
        label=_("Mail domain"),
        required=False,
        max_length=253,
        help_text=_("As in the address, behind the @."),
    )
    name = forms.CharField(
        label=_("Name"), required=False, max_length=200,
        help_text=_("A whole name, or a part of one with * for the rest: *bot 12*."),
    )  # fmt: skip
    is_by_network = forms.BooleanField(
        label=_("From the same network as the signature from which you came here"), required=False
    )

    class Meta:
        model = Invalidation
        fields = ("since", "until", "score", "ground", "reason")
        labels = {"reason": _("Why")}
        help_texts = {
            "since": _("UTC."),
            "until": _("UTC; the moment itself is left out."),
            "ground": _("What the integrity page says of them."),
            "reason": _("Whoever lets it run reads it, and it stays with every decision. Name nobody."),
        }
        widgets = {"since": MOMENT, "until": MOMENT}

    field_order = ("domain", "name", "is_by_network", "since", "until", "score", "ground", "reason")

    def __init__(self, *args: Any, has_network: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_network:
            del self.fields["is_by_network"]

    def clean_domain(self) -> str | None:
        domain = self.cleaned_data["domain"].strip().removeprefix("@").casefold()
        if domain and ("." not in domain or "@" in domain or " " in domain):
            raise forms.ValidationError(_("A domain looks like this: mail.example."))
        return domain or None

    def clean_name(self) -> str | None:
        name: str = self.cleaned_data["name"].strip()
        if name and not name.replace("*", "").strip():
            raise forms.ValidationError(_("Type some letters of the name beside the *."))
        if name.count("*") > MOST_STARS:
            raise forms.ValidationError(_("Three * at most."))
        return name or None

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if "@" in reason:
            raise forms.ValidationError(_("Leave addresses out."))
        return reason

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        since, until = facts.get("since"), facts.get("until")
        if since and until and until <= since:
            self.add_error("until", _("The end lies before the beginning."))
        if not self.errors and all(facts.get(name) in (None, "", False) for name in CONDITIONS):
            raise forms.ValidationError(_("Say which signatures: at least one condition."))
        return facts
