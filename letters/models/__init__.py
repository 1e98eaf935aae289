"""What is asked, of whom, in which languages, and while it is open."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from letters import prose
from letters.languages import html_language
from letters.models.corrections import Correction
from letters.models.endings import Closing, TakeDown

__all__ = [
    "GRACE", "Author", "Closing", "Correction", "Letter", "LetterQuerySet", "Recipient", "Role", "TakeDown",
    "Translation", "Version",
]  # fmt: skip

GRACE = timedelta(hours=24)


class LetterQuerySet(models.QuerySet["Letter"]):
    def published(self) -> "LetterQuerySet":
        """Letters whose text stands for ever, be they taken down since."""
        return self.filter(published_at__isnull=False)

    def public(self) -> "LetterQuerySet":
        """Letters anyone may read, open or closed: published, and not taken down."""
        return self.published().filter(taken_down_at=None)

    def open(self, at: datetime | None = None) -> "LetterQuerySet":
        """Letters that take signatures at the moment `at` (default: now)."""
        at = at or timezone.now()
        return self.public().filter(
            Q(opens_at=None) | Q(opens_at__lte=at), Q(closes_at=None) | Q(closes_at__gt=at)
        )

    def closed(self, at: datetime | None = None) -> "LetterQuerySet":
        return self.public().filter(closes_at__lte=at or timezone.now())

    def with_text(self) -> "LetterQuerySet":
        """Letters with the version people sign and all its translations, in three queries."""
        return self.select_related("current").prefetch_related("current__translations__corrections")


class Letter(models.Model):
    """An open letter: its text lives in versions, of which the current one is signed."""

    class Risk(models.TextChoices):
        ORDINARY = "ordinary", _("ordinary")
        AT_RISK = "at_risk", _("at risk")

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    original_language = models.CharField(_("original language"), max_length=8, default="en")
    risk = models.CharField(_("risk"), max_length=10, choices=Risk, default=Risk.ORDINARY)
    goal = models.PositiveIntegerField(_("goal"), null=True, blank=True)
    contact = models.EmailField(_("contact"), blank=True)
    current = models.OneToOneField(
        "Version", verbose_name=_("current version"), null=True, blank=True, editable=False,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    taken_down_at = models.DateTimeField(_("taken down"), null=True, blank=True, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None, current=None)
                | Q(published_at__isnull=False, current__isnull=False),
                name="published_letters_have_a_version",
                violation_error_message=_("A published letter has a version people sign; a draft has none."),
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(opens_at=None) | Q(closes_at__gt=models.F("opens_at")),
                name="letters_close_after_they_open",
                violation_error_message=_("A letter closes after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(taken_down_at=None) | Q(published_at__isnull=False),
                name="only_published_letters_are_taken_down",
            ),
            models.CheckConstraint(
                condition=Q(archived_at=None)
                | Q(closes_at__isnull=False, closes_at__lt=models.F("archived_at"))
                | Q(taken_down_at__isnull=False, taken_down_at__lt=models.F("archived_at")),
                name="only_letters_that_are_over_are_archived",
            ),
            models.CheckConstraint(
                condition=Q(risk__in=["ordinary", "at_risk"]), name="risk_is_ordinary_or_at_risk"
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def is_published(self) -> bool:
        """Whether its text stands for ever, be it taken down since."""
        return self.published_at is not None

    def is_public(self) -> bool:
        return self.published_at is not None and self.taken_down_at is None

    def is_open(self, at: datetime | None = None) -> bool:
        """Whether the letter takes signatures at the moment `at` (default: now)."""
        at = at or timezone.now()
        return self.is_public() and (self.opens_at is None or self.opens_at <= at) and not self.is_closed(at)

    def is_closed(self, at: datetime | None = None) -> bool:
        return self.closes_at is not None and self.closes_at <= (at or timezone.now())

    def is_over(self, at: datetime | None = None) -> bool:
        """Whether it was published and has been closed or taken down since."""
        return self.is_published() and (self.taken_down_at is not None or self.is_closed(at))

    def is_at_risk(self) -> bool:
        return self.risk == self.Risk.AT_RISK


class Version(models.Model):
    """A text people sign: frozen and hashed when it is published, with the recipients it names."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="versions")
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

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="translations")
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


class Recipient(models.Model):
    """A government office a version is addressed to, fixed with that version."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="recipients")
    order = models.PositiveSmallIntegerField(default=0)
    office = models.CharField(_("office"), max_length=200)
    person = models.CharField(_("person"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.EMAIL)
    address = models.EmailField(_("address"))

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "address"], name="one_recipient_per_address_and_version"
            )
        ]

    def __str__(self) -> str:
        return self.office


class Author(models.Model):
    """A hosting organisation that wrote the letter; authors stand apart from signatories."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="authors")
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=200)
    website = models.URLField(_("website"), blank=True)

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """Who may do what with this letter."""

    class Kind(models.TextChoices):
        OWNER = "owner", _("owner")
        AUTHOR = "author", _("author")
        TRANSLATOR = "translator", _("translator")
        MODERATOR = "moderator", _("moderator")
        EXPORTER = "exporter", _("exporter")
        DELIVERER = "deliverer", _("deliverer")
        AUDITOR = "auditor", _("auditor")

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="roles")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(_("role"), max_length=12, choices=Kind)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "user", "kind"], name="one_role_of_a_kind_per_user_and_letter"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"
