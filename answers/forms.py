"""What an office types on its page, and what those who deliver a letter type about it: is it well formed?"""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from answers import entering
from answers.models import LONGEST, Answer
from deliveries.desk.forms import scan_in
from deliveries.models import Delivery
from letters.forms import DeskForm
from letters.models import Letter
from letters.templatetags.pages import own_name
from scrutiny import naming
from signatories.forms import PublicForm, text_input

LONGEST_WORDS = 1000
# Control characters but tab and line feed, what no standard gives a meaning (private use), and what is no
# character at all: neither the letter's feed (XML 1.0) nor a paper can hold them.
UNSHOWN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]"
)
BYTE_ORDER = "\ufeff"  # which some programs put before a text that they copy, and nobody sees


def refuse_unshown(text: str) -> None:
    """Raises ValidationError where something is in the text that cannot be shown."""
    if found := UNSHOWN.search(text):
        raise forms.ValidationError(
            _("This contains a character that cannot be shown (%(number)s). Please leave it out."),
            code="unshown",
            params={"number": f"U+{ord(found[0]):04X}"},
        )


class Line(forms.CharField):
    """One line, in whichever direction it runs; a line break in it is a space."""

    default_validators = [refuse_unshown]

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=text_input(), **options)

    def to_python(self, value: Any) -> str:
        return re.sub("[\t\r\n]+", " ", (super().to_python(value) or "").replace(BYTE_ORDER, ""))


class Named(Line):
    """Who answers, or as what: judged as what signers call themselves is, so no sign turns or hides it."""

    def __init__(self, cleaner: Callable[[str], str], **options: Any) -> None:
        self.cleaner = cleaner
        super().__init__(required=False, max_length=200, **options)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return self.cleaner(text) if text else ""


class Words(forms.CharField):
    """Several lines. Browsers send two characters for the end of each, and count one."""

    default_validators = [refuse_unshown]

    def __init__(self, *, rows: int, **options: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": rows, "dir": "auto"}), **options)

    def to_python(self, value: Any) -> str:
        return re.sub("\r\n?", "\n", (super().to_python(value) or "").replace(BYTE_ORDER, ""))


class _Answered(forms.Form):
    """What an office answers; nobody has to give a name."""

    text = Words(
        label=_("Your answer"),
        rows=10,
        max_length=LONGEST,
        error_messages={"required": _("Please write your answer.")},
    )
    language = forms.ChoiceField(label=_("Language of the answer"), required=False)
    # A person's, or that of a part of the office
    name = Named(naming.clean_organisation, label=_("Name of who answers (optional)"))
    role = Named(naming.clean_role, label=_("Role (optional)"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["language"]
        field.choices = [*((code, own_name(code)) for code, _name in settings.LANGUAGES), ("", _("Another"))]
        field.initial = get_language()


class AnswerForm(_Answered, PublicForm):
    """What an office answers on its page."""


class _DeliveryField(forms.ModelChoiceField):
    def label_from_instance(self, delivery: Delivery) -> str:  # type: ignore[override]
        facts = {"office": delivery.recipient, "number": delivery.pk, "day": f"{delivery.sent_at:%Y-%m-%d}"}
        return _("%(office)s, delivery %(number)s of %(day)s") % facts


class EnterForm(_Answered, DeskForm):
    """What came from an office by another way."""

    delivery = _DeliveryField(
        label=_("What it answers"),
        queryset=Delivery.objects.none(),
        error_messages={"required": _("Choose what it answers.")},
    )
    way = forms.ChoiceField(
        label=_("How it came"),
        choices=[(way.value, way.label) for way in (Answer.Way.EMAIL, Answer.Way.PAPER)],
        widget=forms.RadioSelect,
    )
    day = forms.DateField(label=_("On which day it came (UTC)"), widget=forms.DateInput({"type": "date"}))
    scan = forms.FileField(
        label=_("Photograph or scan of it (optional)"),
        required=False,
        help_text=_(
            "PNG, JPEG or WebP, up to 8 MB. Who publishes the answer compares it; nobody else sees it."
        ),
    )
    field_order = ("delivery", "way", "day", "text", "language", "name", "role", "scan")

    def __init__(self, *args: Any, letter: Letter, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["delivery"]
        known = [one.pk for one in entering.answerable(letter)]
        field.queryset = Delivery.objects.of(letter).filter(pk__in=known).light()
        self.fields["text"].label = _("The answer, word for word")
        if len(known) == 1:
            field.initial = known[0]

    def clean_scan(self) -> str:
        """The picture, drawn anew, as it is stored."""
        return scan_in(self.cleaned_data.get("scan"))

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        delivery, day = facts.get("delivery"), facts.get("day")
        if day and day > timezone.now().date():
            self.add_error("day", _("This day has not come yet."))
        elif delivery and day and entering.came_at(delivery, day) is None:
            self.add_error("day", _("The letter had not left by this day."))
        return facts


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
    reason = Line(label=_("Reason"), max_length=300)
