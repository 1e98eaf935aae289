from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from letters.forms import DeskForm, bounded
from updates.models import Text

LONGEST = 10_000


class UpdateForm(DeskForm, forms.ModelForm):
    """What an update says in one language."""

    class Meta:
        model = Text
        fields = ("subject", "body")
        labels = {"subject": _("Subject"), "body": _("Text")}
        help_texts = {"body": _("An empty line begins a paragraph, *stars* stress, - a list.")}
        widgets = {"body": forms.Textarea({"rows": 14, "maxlength": LONGEST})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs |= {"lang": self.instance.html_language, "dir": self.instance.direction}

    def clean_subject(self) -> str:
        return bounded(" ".join(self.cleaned_data["subject"].split()), 150)

    def clean_body(self) -> str:
        return bounded(self.cleaned_data["body"].replace("\r\n", "\n"), LONGEST)
