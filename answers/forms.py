"""What an office types on its page, and what those who deliver a letter type about it: is it well formed?"""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from answers.models import LONGEST, Answer
from letters.forms import DeskForm
from letters.templatetags.pages import own_name
from signatories.forms import PublicForm, text_input

LONGEST_WORDS = 1000


class Words(forms.CharField):
    """Several lines. Browsers send two characters for the end of each, and count one."""

    def __init__(self, *, rows: int, **options: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": rows, "dir": "auto"}), **options)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class AnswerForm(PublicForm):
    """An answer; nobody has to give a name."""

    text = Words(
        label=_("Your answer"),
        rows=10,
        max_length=LONGEST,
        error_messages={"required": _("Please write your answer.")},
    )
    language = forms.ChoiceField(label=_("Language of the answer"), required=False)
    name = forms.CharField(
        label=_("Name of who answers (optional)"), required=False, max_length=200, widget=text_input()
    )
    role = forms.CharField(label=_("Role (optional)"), required=False, max_length=200, widget=text_input())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["language"]
        field.choices = [*((code, own_name(code)) for code, _name in settings.LANGUAGES), ("", _("Another"))]
        field.initial = get_language()


class WrongForm(PublicForm):
    """Which office is meant instead."""

    words = Words(
        label=_("Which office is meant (optional)"), rows=3, required=False, max_length=LONGEST_WORDS
    )


class DeclineForm(DeskForm):
    """Why an answer is not published."""

    ground = forms.ChoiceField(
        label=_("What it is"),
        choices=[
            (Answer.Ground.STRANGE, _("No answer of this office: the days without a reply go on")),
            (
                Answer.Ground.WITHHELD,
                _("Its answer: the letter’s page says that it is not published, and why"),
            ),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=text_input())
