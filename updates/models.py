import hashlib
import json

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from letters import prose
from letters.languages import html_language
from letters.models import Letter, TakeDown, Version


def somebody() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )


class Update(models.Model):
    """News of a letter for those of its signers who asked for it: one writes it, another has it mailed."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="updates")
    created_at = models.DateTimeField(auto_now_add=True)
    proposed_by = somebody()
    proposed_at = models.DateTimeField(null=True)
    approved_by = somebody()
    approved_at = models.DateTimeField(null=True)
    # The signature up to which mails are queued; when all were; how many there are, and what became of them
    reached = models.BigIntegerField(default=0)
    queued_at = models.DateTimeField(null=True)
    queued = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=Q(approved_at=None), name="one_draft_of_an_update_per_letter"
            ),
            models.CheckConstraint(
                condition=Q(proposed_at=None, proposed_by=None)
                | Q(proposed_at__isnull=False, proposed_by__isnull=False),
                name="somebody_proposes_an_update",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False, proposed_by__isnull=False),
                name="somebody_approves_an_update_that_is_proposed",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("proposed_by")),
                name="nobody_approves_the_update_they_propose",
                violation_error_message=_("Somebody else has to approve it."),
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=False) | Q(queued_at=None, queued=0, reached=0),
                name="only_approved_updates_are_mailed",
            ),
        ]

    def __str__(self) -> str:
        return f"update {self.pk}"

    def text_in(self, language: str) -> "Text":
        """The text in a language, else in that of the letter."""
        texts = {text.language: text for text in self.texts.all()}
        return texts.get(language) or texts[self.letter.original_language]

    def digest(self) -> str:
        """SHA-256, in hex, of all its texts: what is proposed is what is approved."""
        texts = sorted([text.language, text.subject, text.body] for text in self.texts.all())
        return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


class Spread(models.Model):
    """How far the mails have got that many signers get of one thing, each once."""

    reached = models.BigIntegerField(default=0)  # the signature up to which they are queued
    queued_at = models.DateTimeField(null=True)
    queued = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class Notice(Spread):
    """How far the mails have got that tell signers of a take-down, or ask them to sign a changed text."""

    take_down = models.OneToOneField(TakeDown, null=True, on_delete=models.CASCADE, related_name="notice")
    version = models.OneToOneField(Version, null=True, on_delete=models.CASCADE, related_name="notice")

    class Meta:
        verbose_name = _("notice to signers")
        verbose_name_plural = _("notices to signers")
        constraints = [
            models.CheckConstraint(
                condition=Q(take_down=None, version__isnull=False) | Q(take_down__isnull=False, version=None),
                name="notices_tell_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"notice of take-down {self.take_down_id} or version {self.version_id}"


class Text(models.Model):
    """An update in one language."""

    update_of = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=150)
    body = models.TextField(_("text"), help_text=_("Markdown"))
    written_by = somebody()

    class Meta:
        verbose_name = _("text of an update")
        verbose_name_plural = _("texts of updates")
        constraints = [
            models.UniqueConstraint(fields=["update_of", "language"], name="one_text_per_language_and_update")
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def html(self) -> SafeString:
        """The text as safe HTML."""
        return prose.to_html(self.body)

    @property
    def html_language(self) -> str:
        return html_language(self.language)

    @property
    def language_name(self) -> str:
        return str(dict(settings.LANGUAGES).get(self.language, self.language))

    @property
    def direction(self) -> str:
        return "rtl" if self.language in settings.LANGUAGES_BIDI else "ltr"
