"""What a moderator says of a decision: is it well formed?"""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy

from signatories.models import Decision, Question


class DecisionForm(forms.Form):
    """The ground that the public may know, and the reason at the desk; or what the signer is asked.

    Who rejects on a ground that says enough need not write it out; something else takes words.
    """

    reason = forms.CharField(required=False, max_length=2000)
    ground = forms.ChoiceField(required=False, choices=Decision.Ground)
    topic = forms.ChoiceField(required=False, choices=Question.Topic)

    def __init__(self, data: Any = None, *, verdict: str, **options: Any) -> None:
        super().__init__(data, **options)
        self.verdict = verdict

    def clean(self) -> dict[str, Any]:
        if self.verdict == "ask":
            return self._asked()
        ground = self.cleaned_data.get("ground") or Decision.Ground.OTHER
        if not self.cleaned_data.get("reason") and self.verdict != "approve":
            if self.verdict == "reinstate" or ground == Decision.Ground.OTHER:
                raise forms.ValidationError(gettext_lazy("Say why."))
            with translation.override(settings.LANGUAGE_CODE):
                self.cleaned_data["reason"] = str(Decision.Ground(ground).label)
        return self.cleaned_data | {"ground": ground}

    def _asked(self) -> dict[str, Any]:
        if not self.cleaned_data.get("topic"):
            raise forms.ValidationError(gettext_lazy("Choose a question."))
        return self.cleaned_data

    def said(self) -> dict[str, str]:
        """What was said of the decision, as the use case takes it."""
        takes = {"reject": ("reason", "ground"), "ask": ("topic",)}
        return {name: self.cleaned_data[name] for name in takes.get(self.verdict, ("reason",))}
