"""What one types to find something."""

from django import forms
from django.utils.translation import gettext_lazy as _

from search import matching


class SearchForm(forms.Form):
    """A few words, of three letters in all at least."""

    words = forms.CharField(
        label=_("Words, or an e-mail address"),
        max_length=200,
        widget=forms.TextInput(
            attrs={"type": "search", "dir": "auto", "autocomplete": "off", "spellcheck": "false"}
        ),
        error_messages={"required": _("Type what you look for.")},
    )

    def clean_words(self) -> str:
        words = str(self.cleaned_data["words"])
        if len(words.replace(" ", "")) < matching.SHORTEST:
            raise forms.ValidationError(_("Type three letters or more."))
        return words
