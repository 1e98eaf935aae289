"""Letting a letter go: what one person proposes, and another one approves."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from deliveries.models.dossiers import WIDE, Dossier
from letters.models import Letter, Recipient, Version
from letters.permitting import Verb, letters_for


class Step(models.TextChoices):
    COUNTING = "counting", _("waits for its number of signatures")
    FREEZING = "freezing", _("is being prepared")
    PROPOSED = "proposed", _("waits for somebody else’s approval")
    APPROVED = "approved", _("approved")
    VOID = "void", _("void: something was changed")
    CANCELLED = "cancelled", _("called off")
    FAILED = "failed", _("could not be prepared")


SILENT = timedelta(minutes=15)  # who prepares for longer is dead; a million names take two
ENDED = (Step.VOID, Step.CANCELLED, Step.FAILED)
OPEN = (Step.COUNTING, Step.FREEZING, Step.PROPOSED, Step.APPROVED)


class ReleaseQuerySet(models.QuerySet["Release"]):
    def to_freeze(self, at: datetime) -> Self:
        """What waits to be prepared, or was left by a worker that died."""
        idle = Q(begun_at=None) | Q(begun_at__lte=at - SILENT)
        return self.filter(idle, step=Step.FREEZING).order_by("pk")

    def locked(self, release: "Release") -> "Release":
        """The release as it stands now, for nobody else to change in the caller's transaction."""
        rows = self.select_for_update(of=("self",)).select_related("letter", "version", "dossier")
        return rows.get(pk=release.pk)

    def light(self) -> Self:
        """Without what is wide of the dossier: for pages that only tell of it."""
        return self.defer(*(f"dossier__{field}" for field in WIDE))

    def open(self) -> Self:
        return self.filter(step__in=OPEN)

    def to_approve(self, user: User) -> Self:
        """What somebody else has proposed and this person's role lets them approve, the oldest first.

        Under a letter at risk they can do so only once they are known (`permitting.are_known`).
        """
        mine = letters_for(user, Verb.DELIVER)
        asked = self.filter(step=Step.PROPOSED, letter__in=mine.values("pk"))
        return asked.exclude(proposed_by=user).order_by("pk")


class Release(models.Model):
    """One dossier for some offices: proposed, frozen, and approved by its manifest's very hash."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="releases")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="releases")
    recipients = models.ManyToManyField(Recipient, related_name="releases")
    after = models.ForeignKey(Dossier, null=True, on_delete=models.PROTECT, related_name="+")
    dossier = models.OneToOneField(Dossier, null=True, on_delete=models.PROTECT, related_name="release")
    step = models.CharField(_("state"), max_length=10, choices=Step, default=Step.FREEZING)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at_signatures = models.PositiveIntegerField(_("at so many signatures"), null=True)
    leaves_at = models.DateTimeField(_("leaves at"), null=True)
    in_office_hours = models.BooleanField(_("in the office’s hours"), default=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    begun_at = models.DateTimeField(null=True, editable=False)
    unprintable = models.PositiveIntegerField(_("without type on paper"), default=0, db_default=0)
    fallen = models.PositiveIntegerField(_("whose evidence fell meanwhile"), default=0, db_default=0)
    manifest = models.TextField(_("manifest"), blank=True)
    manifest_hash = models.CharField(_("SHA-256 of the manifest"), max_length=64, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True)

    ended_at = models.DateTimeField(_("called off"), null=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="nobody_approves_their_own_release",
                violation_error_message=_("Somebody else approves what one has proposed."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False, dossier__isnull=False)
                & ~Q(manifest_hash=""),
                name="an_approved_release_is_frozen",
                violation_error_message=_("Approved is one very manifest, by its SHA-256."),
            ),
            models.CheckConstraint(
                condition=~Q(step="approved") | Q(approved_at__isnull=False),
                name="no_release_leaves_unapproved",
                violation_error_message=_("Nothing leaves but by approval."),
            ),
            models.CheckConstraint(
                condition=~Q(step="proposed") | Q(dossier__isnull=False),
                name="what_is_proposed_is_frozen",
                violation_error_message=_("What is proposed is frozen."),
            ),
            models.CheckConstraint(
                condition=~Q(step="counting") | Q(at_signatures__isnull=False),
                name="a_release_counts_to_a_number",
                violation_error_message=_("Say at how many signatures it goes."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(step__in=ENDED),
                name="what_is_open_has_no_end",
                violation_error_message=_("What is under way has not ended."),
            ),
        ]

    def __str__(self) -> str:
        return f"release {self.pk}"

    def is_open(self) -> bool:
        return self.step in OPEN
