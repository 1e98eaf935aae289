"""Whether what people typed is well formed; whether it is allowed is the use case's affair."""

import unicodedata
from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scrutiny import addresses, naming
from signatories import consenting, fields
from signatories.models import Kind, Signature, Visibility


class PublicForm(forms.Form):
    """A form on a page without cookies: no token, errors in a summary at the top and beside their fields."""

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(fields.Part("signatories/form_errors.html"), *self.layout())
        return helper

    def layout(self) -> Sequence[Any]:
        return list(self.fields)

    def problems(self) -> list[tuple[str, str, str]]:
        """What the summary lists: the element to go to, the field's label, the sentence."""
        return fields.problems(self)


def email_field(**options: Any) -> fields.CleanedField:
    return fields.CleanedField(
        addresses.clean_email,
        label=gettext_lazy("E-mail address"),
        error_messages={"required": gettext_lazy("Please enter your e-mail address.")},
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"}
        ),
        **options,
    )


MAILBOX_AT_RISK = gettext_lazy(
    "We send one link there to confirm. Use a mailbox that neither your employer nor a state can read, "
    "and delete our mails when you have used them. They do not say what they are about. "
    "The address is never published or delivered."
)


def text_input(**attributes: str) -> forms.TextInput:
    return forms.TextInput(attrs={"dir": "auto", **attributes})


class SignForm(PublicForm):
    """One form for persons and organisations; the fields and their names are the product's contract.

    `version` is the number of the letter's current version, `recipients` are the offices it addresses,
    each with the code of its country.
    Nothing is ticked or chosen beforehand; whoever chooses nothing is only counted.
    """

    kind = forms.ChoiceField(
        label=gettext_lazy("Who signs?"),
        choices=[
            (Kind.PERSON, gettext_lazy("I sign as a person")),
            (Kind.ORGANISATION, gettext_lazy("I sign for an organisation")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Please choose whether a person or an organisation signs."),
            "invalid_choice": gettext_lazy("Please choose whether a person or an organisation signs."),
        },
    )
    name = fields.CleanedField(
        naming.clean_name,
        label=gettext_lazy("Your name"),
        error_messages={"required": naming.PERSON.missing},
        widget=text_input(autocomplete="name"),
    )
    email = email_field(
        help_text=gettext_lazy(
            "We send one link there to confirm. It is never published or delivered. "
            "Best is a mailbox that nobody else reads."
        )
    )
    country = fields.CountryField(
        label=gettext_lazy("Country"),
        widget=fields.CountrySelect(attrs={"autocomplete": "country"}),
        error_messages={
            "required": gettext_lazy("Please choose a country."),
            "invalid_choice": gettext_lazy("Please choose a country from the list."),
        },
    )
    role = fields.CleanedField(
        naming.clean_role,
        label=gettext_lazy("Role or profession (optional)"),
        required=False,
        widget=text_input(autocomplete="organization-title"),
    )
    affiliation = fields.CleanedField(
        naming.clean_affiliation,
        label=gettext_lazy("Affiliation (optional)"),
        help_text=gettext_lazy("Where you work, teach or belong. It does not sign with you."),
        required=False,
        widget=text_input(autocomplete="off"),
    )
    organisation = fields.CleanedField(
        naming.clean_organisation,
        label=gettext_lazy("Name of the organisation"),
        required=False,
        widget=text_input(autocomplete="organization"),
    )
    website = fields.CleanedField(
        addresses.clean_website,
        label=gettext_lazy("Website of the organisation"),
        required=False,
        widget=text_input(autocomplete="url", inputmode="url", autocapitalize="none", dir="ltr"),
    )
    authorised = forms.BooleanField(
        label=consenting.AUTHORISED,
        required=False,
        widget=fields.Tick,
    )
    visibility = fields.VisibilityField(
        label=consenting.WHO_SEES,
        help_text=consenting.NOTHING_CHOSEN,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Please choose who may see the name.")},
    )
    updates = forms.BooleanField(label=consenting.NEWS, required=False, widget=fields.Tick)
    consent = forms.BooleanField(
        label=consenting.AGREE,
        help_text=consenting.MAY_WITHDRAW,
        widget=fields.Tick,
        error_messages={"required": gettext_lazy("Without your agreement we cannot keep your signature.")},
    )
    version = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    nickname = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1", "aria-hidden": "true"}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        version: int,
        recipients: Iterable[tuple[str, str]] = (),
        at_risk: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.current = version
        self.fields["version"].initial = version
        visibility = self.fields["visibility"]
        assert isinstance(visibility, forms.ChoiceField)  # noqa: S101 - for the type checker
        visibility.choices = lambda: visibilities(recipients, at_risk=at_risk)
        if at_risk:
            self.fields["email"].help_text = MAILBOX_AT_RISK
        # A trap that complains is none: even a NUL in it only tells who typed it.
        self.fields["nickname"].validators = []

    def layout(self) -> Sequence[Any]:
        yours = ["name", "email", "country", "role", Div("affiliation", css_class="for-person")]
        organisation = ["organisation", "website", "authorised"]
        return [
            "version",
            fields.Part("signatories/form_hint.html"),
            "kind",
            Fieldset(_("You"), *yours),
            Fieldset(
                _("The organisation"),
                fields.Part("signatories/form_organisation_hint.html"),
                *organisation,
                css_class="for-organisation",
            ),
            "visibility",
            "updates",
            "consent",
            Div("nickname", css_class="elsewhere", aria_hidden="true"),
        ]

    @property
    def is_trapped(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.data.get(self.add_prefix("nickname")))

    def clean_visibility(self) -> str:
        return self.cleaned_data["visibility"] or Visibility.COUNTED

    def clean_version(self) -> int:
        """The number of the version that was read; without one it is the current."""
        if self.cleaned_data["version"] not in {"", str(self.current)}:
            # The page that comes back shows the new text, so the next try is about that one.
            data: Any = copy(self.data)
            data["version"] = str(self.current)
            self.data = data
            raise forms.ValidationError(
                _("The text of the letter has changed since you opened it. Please read it again, then sign."),
                code="changed",
            )
        return self.current

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        if answers.get("kind") == Kind.ORGANISATION:
            self.need("organisation", naming.ORGANISATION.missing)
            self.need("website", _("Please enter the address of the organisation's website."))
            self.need("authorised", _("Please confirm that you are authorised to sign for the organisation."))
            return answers | {"affiliation": ""}
        return answers | {"organisation": "", "website": "", "authorised": False}

    def answers(self) -> dict[str, Any]:
        """What was answered, as the use case takes it."""
        fields = ("kind", "name", "email", "country", "role", "affiliation", "organisation", "website")
        more = ("version", "visibility", "updates")
        return {field: self.cleaned_data[field] for field in (*fields, *more)}

    def need(self, field: str, sentence: Any) -> None:
        if field in self.cleaned_data and not self.cleaned_data[field]:
            self.add_error(field, forms.ValidationError(sentence, code="required"))


def visibilities(recipients: Iterable[tuple[str, str]], *, at_risk: bool) -> list[tuple[str, SafeString]]:
    """The three choices in words: who will read the name, in which country, and what cannot be undone."""
    offices = fields.offices_in_a_row(recipients) or _("the offices this letter addresses")
    public = str(consenting.PUBLIC)
    if at_risk:
        public += f" {consenting.PUBLIC_AT_RISK}"
    return [
        (Visibility.PUBLIC, format_html(public, offices=offices)),
        (Visibility.RECIPIENT, format_html(str(consenting.RECIPIENT), offices=offices)),
        (Visibility.COUNTED, format_html("{}", consenting.COUNTED)),
    ]


class EmailForm(PublicForm):
    """Where to send a link: to confirm, or to manage what one has signed."""

    email = email_field()


class CodeForm(PublicForm):
    """The code from the mail, typed by people who do not click links."""

    email = email_field()
    code = forms.CharField(
        label=gettext_lazy("Code from the mail"),
        help_text=gettext_lazy("Eight letters and digits. Spaces, hyphens and small letters do not matter."),
        error_messages={"required": gettext_lazy("Please enter the code from the mail.")},
        widget=forms.TextInput(
            attrs={
                "class": "code",
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "dir": "ltr",
            }
        ),
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        # It stands on one page with EmailForm, whose field has the same name.
        super().__init__(data, **{"auto_id": "code_%s"} | options)

    def clean_code(self) -> str:
        """The code as it was made: capitals and digits only."""
        code = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        return "".join(filter(str.isalnum, code)).upper()


class CorrectForm(PublicForm):
    """The name as it should be; an organisation's has an organisation's rules."""

    name = fields.CleanedField(
        naming.clean_name,
        label=gettext_lazy("The name as it should be"),
        error_messages={"required": gettext_lazy("Please enter the name as it should be.")},
        widget=text_input(autocomplete="off"),
    )

    def __init__(self, data: Any = None, *, kind: str = Kind.PERSON, **options: Any) -> None:
        super().__init__(data, **options)
        if kind == Kind.ORGANISATION:
            self.fields["name"] = fields.CleanedField(
                naming.clean_organisation,
                label=self.fields["name"].label,
                error_messages={"required": naming.ORGANISATION.missing},
                widget=text_input(autocomplete="off"),
            )


class AnswerForm(PublicForm):
    """What one corrects who was asked: role and affiliation too, while nobody sees them."""

    name = CorrectForm.base_fields["name"]
    role = fields.CleanedField(
        naming.clean_role, label=gettext_lazy("Role or profession (optional)"), required=False,
        widget=text_input(autocomplete="organization-title"),
    )  # fmt: skip
    affiliation = fields.CleanedField(
        naming.clean_affiliation, label=gettext_lazy("Affiliation (optional)"), required=False,
        widget=text_input(autocomplete="off"),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, signature: Signature, **options: Any) -> None:
        now = {"name": signature.shown_name(), "role": signature.role, "affiliation": signature.affiliation}
        super().__init__(data, initial=now, auto_id="answer_%s", **options)
        if signature.is_organisation():
            self.fields["name"] = CorrectForm(kind=Kind.ORGANISATION).fields["name"]
            del self.fields["affiliation"]
        if not signature.held_at:
            self.fields = {"name": self.fields["name"]}
