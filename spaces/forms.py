"""What is typed in an organisation's space."""

from collections.abc import Sequence
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm
from allauth.core import context, ratelimit
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User, alias
from letters import countries
from letters.forms import DeskForm
from organisations.forms import LONGEST_DESCRIPTION, CallForm, DescriptionsForm, type_field
from scrutiny import addresses, naming
from signatories.fields import CleanedField
from signatories.forms import SignForm, text_input
from spaces.models import Membership

ELSEWHERE = ("kind", "email", "country", "affiliation", "organisation", "website", "nickname")


class CodeForm(RequestLoginCodeForm):
    """Where a code to sign in is mailed: to nobody of the desk, for whom a code alone is too little."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"].label = _("Your e-mail address")

    def clean_email(self) -> str:
        """What stands for the address. Who works at the desk has no account by it, as no stranger has."""
        known_as = alias(self.cleaned_data["email"])
        if not ratelimit.consume(context.request, action="request_login_code", key=known_as):
            raise get_adapter().validation_error("too_many_login_attempts")
        self._user = User.objects.filter(email=known_as, is_active=True).first()
        return known_as


class OpenForm(DeskForm):
    """What an organisation that is new here says of itself when its space opens."""

    website = CleanedField(
        addresses.clean_website,
        label=_("Website"),
        required=False,
        widget=text_input(autocomplete="url", inputmode="url", autocapitalize="none", dir="ltr"),
    )
    country = forms.ChoiceField(label=_("Country"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)  # noqa: S101 - for the type checker
        country.choices = [("", _("Choose one")), *countries.choices()]


class FactsForm(DescriptionsForm, OpenForm):
    type = type_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        moves = _("If it moves to another domain, what proved the old one proves nothing any more.")
        self.fields["website"].help_text = moves


class ColleagueForm(DeskForm):
    email = forms.EmailField(label=_("E-mail address of a colleague"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role, initial=Membership.Role.EDITOR)


class VouchForm(DeskForm):
    """For whom an organisation stands, and how it knows."""

    name = CleanedField(
        naming.clean_organisation,
        label=_("Name of the organisation, as it stands on a letter's list"),
        widget=text_input(autocomplete="off"),
    )
    said = forms.CharField(
        label=_("How you know that it is itself"),
        max_length=LONGEST_DESCRIPTION,
        help_text=_("Moderators read it. No name, no number, no address."),
        widget=forms.Textarea({"rows": 3, "maxlength": LONGEST_DESCRIPTION, "dir": "auto"}),
    )

    clean_said = CallForm.clean_said


class SpeakForm(SignForm):
    """The sign form without what the space knows: who the organisation is, and whose mailbox it was."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ELSEWHERE:
            del self.fields[name]
        self.fields["authorised"].required = True

    def layout(self) -> Sequence[Any]:
        return ["version", "name", "role", "authorised", "visibility", "updates", "consent"]

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data

    def answers(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name] for name in ("name", "role", "version", "visibility", "updates")
        }
