"""What a letter says: its versions, each in one or more languages."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from letters import prose
from letters.languages import html_language


class Version(models.Model):
    """A text people sign: frozen and hashed when it is published, with the recipients it names."""

    letter = models.ForeignKey("letters.Letter", on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    text_hash = models.CharField(max_length=64, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "number"], name="one_version_per_number_and_letter"),
            models.UniqueConstraint(
                fields=["letter"], condition=Q(published_at=None), name="one_draft_version_per_letter"
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, text_hash="")
                | (Q(published_at__isnull=False) & ~Q(text_hash="")),
                name="published_versions_are_hashed",
            ),
            models.CheckConstraint(
                condition=Q(proposed_at=None, proposed_by=None)
                | Q(proposed_at__isnull=False, proposed_by__isnull=False),
                name="somebody_proposes_a_version",
            ),
            models.CheckConstraint(
                condition=Q(published_by=None)
                | Q(proposed_by__isnull=False) & ~Q(published_by=models.F("proposed_by")),
                name="nobody_publishes_what_they_proposed",
                violation_error_message=_("Somebody else has to publish it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id}.{self.number}"


class Translation(models.Model):
    """The letter's text in one language, the original among them."""

    version = models.ForeignKey("letters.Version", on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=8)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    body = models.TextField(_("text"), help_text=_("Markdown"))
    text_hash = models.CharField(max_length=64, blank=True, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    reviewed_at = models.DateTimeField(null=True, blank=True, editable=False)
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    corrected_at: datetime | None = None  # when slips of what correcting.read returns were set right

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        ordering = ["pk"]  # the original is written first, and a later text begins as a copy in order
        constraints = [
            models.UniqueConstraint(
                fields=["version", "language"], name="one_translation_per_language_and_version"
            ),
            models.CheckConstraint(
                condition=Q(frozen_at=None) | ~Q(text_hash=""), name="frozen_translations_are_hashed"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="somebody_reviews_a_translation",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | Q(written_by=None) | ~Q(reviewed_by=models.F("written_by")),
                name="nobody_reviews_what_they_wrote",
                violation_error_message=_("Somebody else has to review it."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def html(self) -> SafeString:
        """The text as safe HTML."""
        return prose.to_html(self.body)

    @property
    def html_language(self) -> str:
        """The language as browsers know it (BCP 47): Dari is fa-AF."""
        return html_language(self.language)

    @property
    def language_name(self) -> str:
        return str(dict(settings.LANGUAGES).get(self.language, self.language))

    @property
    def direction(self) -> str:
        return "rtl" if self.language in settings.LANGUAGES_BIDI else "ltr"
