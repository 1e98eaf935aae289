"""What those who deliver a letter type at the desk: is it well formed?"""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deliveries import recording
from letters.forms import DeskForm
from letters.models import Recipient
from logos.forms import WORDS
from signatories.models import Tally

AT_ONCE, AT_TIME, AT_NUMBER = "now", "time", "number"
LARGEST_FILE = 8_000_000  # bytes: a telephone's photograph
MOMENT = "%Y-%m-%dT%H:%M"


class _OfficesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, office: Recipient) -> str:  # type: ignore[override]
        way = f"{office.office} ({office.get_channel_display()})"
        if office.version_id == office.version.letter.current_id:
            return way
        return _("%(office)s, version %(number)s") % {"office": way, "number": office.version.number}


class ReleaseForm(DeskForm):
    """To which offices a letter goes, and when."""

    recipients = _OfficesField(
        label=_("Offices"),
        queryset=Recipient.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one office.")},
    )
    when = forms.ChoiceField(
        label=_("When it leaves"),
        choices=[
            (AT_ONCE, _("as soon as it is approved")),
            (AT_TIME, _("at a time")),
            (AT_NUMBER, _("when enough have signed: then it is prepared, and waits for approval")),
        ],
        initial=AT_ONCE,
        widget=forms.RadioSelect,
    )
    leaves_at = forms.DateTimeField(
        label=_("At what time (UTC)"),
        required=False,
        help_text=_("Only if it leaves at a time."),
        input_formats=[MOMENT],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT),
    )
    at_signatures = forms.IntegerField(
        label=_("At how many signatures"),
        required=False,
        min_value=1,
        help_text=_("Only if it leaves when enough have signed."),
    )
    in_office_hours = forms.BooleanField(
        label=_("Only in the office’s own hours"),
        required=False,
        initial=True,
        help_text=_("From 9 to 17 by the clock of its country, on its working days."),
    )

    def __init__(self, *args: Any, offices: QuerySet[Recipient], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["recipients"]
        field.queryset = offices  # type: ignore[attr-defined]
        field.initial = [office.pk for office in offices]

    def clean_recipients(self) -> list[Recipient]:
        """One dossier holds one text: offices of several versions are served one version after the other."""
        recipients = list(self.cleaned_data["recipients"])
        if len({recipient.version_id for recipient in recipients}) > 1:
            raise forms.ValidationError(_("Choose offices of one version of the letter only."))
        return recipients

    def clean_leaves_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["leaves_at"]
        return moment and moment.replace(tzinfo=UTC)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        needed = {AT_TIME: "leaves_at", AT_NUMBER: "at_signatures"}
        wanted = needed.get(facts.get("when", ""))
        for field in needed.values():
            if field != wanted:
                facts[field] = None
                self.errors.pop(field, None)
        if wanted and wanted not in self.errors and not facts.get(wanted):
            self.add_error(wanted, _("This is needed for the moment that you chose."))
        if facts.get("leaves_at") and facts["leaves_at"] <= timezone.now():
            self.add_error("leaves_at", _("This moment is over."))
        self._check_number(facts)
        return facts

    def _check_number(self, facts: dict[str, Any]) -> None:
        if not facts.get("at_signatures") or not facts.get("recipients"):
            return
        tally = Tally.objects.filter(version=facts["recipients"][0].version_id).first()
        if tally and tally.signatures >= facts["at_signatures"]:
            self.add_error("at_signatures", _("So many have signed already: let it leave now."))


def scan_in(file: UploadedFile | None) -> str:
    """The picture in a file that was handed in, drawn anew, as it is stored. Raises ValidationError."""
    if not file:
        return ""
    if (file.size or 0) > LARGEST_FILE:
        raise forms.ValidationError(_("The file is larger than 8 MB."))
    try:
        return recording.scan_of(file.read())
    except tuple(WORDS) as error:
        raise forms.ValidationError(WORDS[type(error)]) from error


class RecordForm(DeskForm):
    """How somebody brought the letter to an office."""

    day = forms.DateTimeField(
        label=_("When it was brought (UTC)"),
        input_formats=[MOMENT],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT),
    )
    reference = forms.CharField(
        label=_("Reference number"),
        max_length=100,
        required=False,
        help_text=_("Of the registered letter, the receipt, or the web form."),
    )
    words = forms.CharField(
        label=_("What happened"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
        help_text=_("The case file shows it. Name nobody who could be harmed by it."),
    )
    scan = forms.FileField(
        label=_("Photograph or scan of the receipt"),
        required=False,
        help_text=_("PNG, JPEG or WebP, up to 8 MB. It is drawn anew; what else the file holds is not kept."),
    )
    arrived = forms.BooleanField(
        label=_("The office has it, and that is proven: by its stamp, a signature, or its own number."),
        required=False,
    )

    too_early = _("This moment is before it was approved and its paper was given out.")

    def __init__(
        self, *args: Any, since: datetime | None = None, until: datetime | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.since, self.until = since, until

    def clean_day(self) -> datetime:
        moment = self.cleaned_data["day"].replace(tzinfo=UTC)
        if self.since and moment < self.since:
            raise forms.ValidationError(self.too_early)
        if self.until and moment > self.until:
            raise forms.ValidationError(_("This moment is after it was called off."))
        if moment > timezone.now():
            raise forms.ValidationError(_("This moment has not come yet."))
        return moment

    def clean_scan(self) -> str:
        """The picture, drawn anew, as it is stored."""
        return scan_in(self.cleaned_data.get("scan"))

    def clean(self) -> dict[str, Any]:
        """The facts of `recording.record` and `recording.note`."""
        facts = super().clean() or {}
        proof = facts.get("scan") or facts.get("reference")
        if facts.get("arrived") and not proof and not self.errors:
            self.add_error("arrived", _("Add what proves it: a picture of the receipt, or its number."))
        return facts | {"at": facts.pop("day", None)}


class NoteForm(RecordForm):
    """What became of a delivery that has left."""

    day = forms.DateTimeField(
        label=_("When that was (UTC)"),
        input_formats=[MOMENT],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT),
    )
    too_early = _("This moment is before it left.")


class SettleForm(DeskForm):
    """How a delivery ended of which nobody was sure."""

    why = forms.CharField(
        label=_("How you know"),
        max_length=300,
        help_text=_(
            "The office told you, its server’s log shows it. Certificate and case file show these words: "
            "name nobody."
        ),
    )


class WayForm(DeskForm):
    """By which other way a delivery is brought."""

    channel = forms.ChoiceField(
        label=_("Bring it another way"),
        choices=[(way.value, way.label) for way in recording.BY_HAND],
    )
