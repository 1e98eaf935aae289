"""The list that a host hands in: is there one, and could it be read at all?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from invitations import reading
from letters.forms import DeskForm

LONGEST_FILE = 512 * 1024  # bytes


class ListForm(DeskForm):
    text = forms.CharField(
        label=_("Organisations, one a line"),
        help_text=_("Name, e-mail address, and if you like language and country, with commas between them."),
        required=False,
        strip=False,  # lines are counted as they were typed
        widget=forms.Textarea({"rows": 8, "spellcheck": "false", "dir": "auto", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("Or a file (CSV)"),
        help_text=_("As your spreadsheet saves it: “CSV”, at most 1,000 organisations."),
        required=False,
        widget=forms.FileInput({"accept": ".csv,.txt,text/csv,text/plain"}),
    )

    with_evidence = False

    def __init__(self, data: Any = None, files: Any = None, *, language: str, **options: Any) -> None:
        super().__init__(data, files, **options)
        self.language = language

    def clean(self) -> dict[str, Any]:
        """The list itself, as `found`; errors beside the field that it came by."""
        answers = super().clean() or {}
        by = "file" if answers.get("file") else "text"
        if self.errors:
            return answers
        try:
            found = reading.read(self._text(by), language=self.language, with_evidence=self.with_evidence)
        except reading.TooLong as error:
            self.add_error(by, _too_long(int(error.args[0])))
            return answers
        if not found.rows and not found.wrong:
            self.add_error(by, _("There is no organisation in it. Write one a line, or choose a file."))
        return answers | {"found": found}

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > LONGEST_FILE:
            raise forms.ValidationError(
                _("This file is larger than 512 KB. At most 1,000 organisations go into one list: divide it.")
            )
        return file

    def _text(self, by: str) -> str:
        if by == "text":
            return self.cleaned_data["text"]
        return reading.decode(self.cleaned_data["file"].read())


class FoundersForm(ListForm):
    """A list in which each line also says how the organisation has agreed."""

    with_evidence = True

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].help_text = _(
            "Name, e-mail address, how it has agreed, and if you like language and country, "
            "with semicolons or tabs between them."
        )


def _too_long(lines: int) -> forms.ValidationError:
    return forms.ValidationError(
        _("This list has %(lines)s lines. At most 1,000 organisations go into one list: divide it."),
        params={"lines": f"{lines:,}"},
    )
