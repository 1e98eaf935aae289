"""An open letter, and whether it is published, open, closed or over."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
