"""What hosts type at the desk: is it well formed? Whether it is allowed is the affair of writing."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, validate_slug
from django.utils.translation import gettext_lazy as _

from letters import countries, time_zones
from letters.models import Author, Letter, Recipient, Role, Translation

LONGEST_TITLE, LONGEST_SUMMARY = 200, 600
LONGEST_TEXT = 40_000  # characters: what a form of this site may carry in any script
RESERVED = {"new"}


class DeskForm(forms.Form):
    """A form of the desk: its tags and token stand in the template."""

    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True


class SlugForm(DeskForm, forms.ModelForm):
    """Where a new letter will be."""

    class Meta:
        model = Letter
        fields = ("slug",)
        labels = {"slug": _("Address")}
        help_texts = {
            "slug": _("The end of its web address: small letters, digits and hyphens. It stays for ever.")
        }

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"].lower()
        validate_slug(slug)
        if slug in RESERVED:
            raise forms.ValidationError(_("This address is taken by a page of the site."))
        return slug


class BeginForm(SlugForm):
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)

    class Meta(SlugForm.Meta):
        fields = ("slug", "original_language", "risk")  # type: ignore[assignment]
        help_texts = SlugForm.Meta.help_texts | {
            "risk": _(
                "At risk: names are hidden by default, mails do not say what they are about, counts move in "
                "batches. Choose it whenever somebody could be harmed for signing."
            ),
        }

    field_order = ("title", "slug", "original_language", "risk")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["original_language"] = language_field(_("Language it is written in"))


class TextForm(DeskForm, forms.ModelForm):
    class Meta:
        model = Translation
        fields = ("title", "summary", "body")
        labels = {"title": _("Title"), "summary": _("Summary"), "body": _("Text")}
        help_texts = {
            "summary": _("Two or three sentences, for lists and for who shares the letter."),
            "body": _("An empty line begins a paragraph, ## a heading, *stars* stress, - a list."),
        }
        widgets = {
            "summary": forms.Textarea({"rows": 3, "maxlength": LONGEST_SUMMARY}),
            "body": forms.Textarea({"rows": 24, "maxlength": LONGEST_TEXT}),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs |= {"lang": self.instance.html_language, "dir": self.instance.direction}

    def clean_body(self) -> str:
        return bounded(self.cleaned_data["body"].replace("\r\n", "\n"), LONGEST_TEXT)

    def clean_summary(self) -> str:
        return bounded(self.cleaned_data["summary"], LONGEST_SUMMARY)


class CorrectionForm(TextForm):
    """How a published text reads without its slips."""

    class Meta(TextForm.Meta):
        help_texts = {
            "body": _("A character missing, wrong or too many in a word: no more can be set right.")
        }


class FactsForm(DeskForm, forms.ModelForm):
    class Meta:
        model = Letter
        fields = ("contact", "goal", "opens_at", "closes_at", "risk")
        labels = {
            "contact": _("Address for readers and offices"),
            "goal": _("Aim"),
            "opens_at": _("Opens (UTC)"),
            "closes_at": _("Closes (UTC)"),
        }
        help_texts = {
            "contact": _("It is public, and offices answer to it."),
            "goal": _("How many signatures you hope for; empty for none."),
            "opens_at": _("Empty: as soon as it is published."),
            "closes_at": _("Empty: it stays open until somebody closes it."),
        }
        widgets = {
            name: forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            for name in ("opens_at", "closes_at")
        }


class ClosingForm(DeskForm):
    """When a published letter closes, and why that is moved."""

    closes_at = forms.DateTimeField(
        label=_("Closes (UTC)"),
        required=False,
        help_text=_("Empty: it stays open until somebody closes it."),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        help_text=_("Who works on the letter reads it here, for as long as the letter is here."),
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )


class TakeDownForm(DeskForm):
    """Why a letter is taken down, and that it is meant."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        help_text=_("Readers of its page and all who signed it read this, as it stands. Name nobody."),
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )
    is_meant = forms.BooleanField(label=_("It cannot be put back."))


class ArchiveForm(DeskForm):
    """That archiving a letter is meant."""

    is_meant = forms.BooleanField(label=_("The names on the list go for ever."))


class RecipientForm(DeskForm, forms.ModelForm):
    class Meta:
        model = Recipient
        fields = (
            "office",
            "person",
            "country",
            "language",
            "channel",
            "address",
            "postal",
            "time_zone",
            "size_limit",
        )
        labels = {
            "office": _("Office"),
            "person": _("Who holds it"),
            "channel": _("How it gets the letter"),
            "address": _("E-mail address of the office"),
            "postal": _("Postal address of the office"),
        }
        help_texts = {
            "office": _("As it stands on an envelope: Ministry of Health, Government of Lowmere."),
            "channel": _("By e-mail it leaves by itself. All else somebody of yours does, and records here."),
            "address": _("Nobody but you and the delivery sees it. For e-mail only."),
            "postal": _(
                "As it shows through the window of an envelope, without the office’s name. For post only."
            ),
            "size_limit": _(
                "A larger delivery goes as a private link instead. 10 is safe nearly everywhere."
            ),
        }
        widgets = {"postal": forms.Textarea({"rows": 4, "dir": "auto"})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", _("No country, as for bodies of several")), *countries.choices()]
        self.fields["country"] = forms.ChoiceField(label=_("Country"), choices=choices, required=False)
        self.fields["language"] = language_field(_("Language in which it gets the letter"))
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"),
            choices=[("", _("That of its country")), *((zone, zone) for zone in time_zones.known())],
            required=False,
            help_text=_("Mail reaches it in its office hours. Where a country has several, say which."),
        )
        for field in ("channel", "size_limit"):
            self.fields[field].required = False  # what is left out is as for most
        self.fields["size_limit"].validators += [MinValueValidator(1), MaxValueValidator(50)]

    def clean_channel(self) -> str:
        return self.cleaned_data["channel"] or Recipient.Channel.EMAIL

    def clean_size_limit(self) -> int:
        return self.cleaned_data["size_limit"] or Recipient._meta.get_field("size_limit").default

    def clean_address(self) -> str:
        """One letter goes to one address once."""
        address = self.cleaned_data["address"]
        others = Recipient.objects.filter(version=self.instance.version_id).exclude(pk=self.instance.pk)
        if address and others.filter(address__iexact=address).exists():
            raise forms.ValidationError(_("Another office has this address already."))
        return address

    def clean(self) -> dict[str, Any]:
        """What the channel needs is there."""
        facts = super().clean() or {}
        needed = {Recipient.Channel.EMAIL: "address", Recipient.Channel.POST: "postal"}
        field = needed.get(facts.get("channel", ""))
        if field and field not in self.errors and not facts.get(field):
            self.add_error(field, _("This is needed for the way that you chose."))
        return facts


class AuthorForm(DeskForm, forms.ModelForm):
    website = forms.URLField(label=_("Website"), required=False, max_length=200, assume_scheme="https")

    class Meta:
        model = Author
        fields = ("name", "website")
        labels = {"name": _("Organisation")}


class PersonForm(DeskForm):
    """Who gets which role on the letter."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_("As it stands beside what they do. Whoever has an account already keeps their name."),
    )
    kind = forms.ChoiceField(label=_("Role"), choices=[("", _("Choose one")), *Role.Kind.choices])


class NewTranslationForm(DeskForm):
    """Which language a text is begun in; those that exist are left out."""

    def __init__(self, *args: Any, known: set[str], **options: Any) -> None:
        super().__init__(*args, **options)
        left = [pair for pair in settings.LANGUAGES if pair[0] not in known]
        self.fields["language"] = forms.ChoiceField(label=_("Another language"), choices=left)


def language_field(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=settings.LANGUAGES)


def bounded(text: str, most: int) -> str:
    """A text that is not too long and can be shown. Raises ValidationError."""
    if len(text) > most:
        raise forms.ValidationError(
            _("This is longer than %(most)s characters."), params={"most": most}, code="too_long"
        )
    if any(ord(letter) < 32 and letter not in "\n\t" for letter in text):
        raise forms.ValidationError(_("There is a character in it that cannot be shown."), code="control")
    return text
