"""Two entries of the directory that were one organisation: which went into which, and how it was before."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation
from vault.fields import SealedTextField

UNDO_WITHIN = timedelta(days=30)


class MergeQuerySet(models.QuerySet["Merge"]):
    def lasting(self) -> Self:
        """Those that nobody has undone."""
        return self.filter(undone_at=None)

    def over(self, at: datetime | None = None) -> Self:
        """Those that can be undone no more."""
        return self.filter(at__lte=(at or timezone.now()) - UNDO_WITHIN)


class Merge(models.Model):
    """One organisation that went into another. `before` holds, as ids, what it takes to undo it.

    `typed` holds, as JSON by the id of a membership that ended, the address as whoever let them in wrote it.
    """

    kept = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    before = models.JSONField()
    typed = SealedTextField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge of organisations")
        verbose_name_plural = _("merges of organisations")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="nothing_merges_into_itself"),
            models.CheckConstraint(
                condition=Q(undone_by=None, undone_at=None)
                | Q(undone_by__isnull=False, undone_at__isnull=False),
                name="somebody_undoes_a_merge",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(typed__isnull=True), name="an_undone_merge_keeps_no_address"
            ),
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at=None), name="an_organisation_goes_into_one"
            ),
        ]

    def __str__(self) -> str:
        return f"merge {self.pk}"

    @property
    def until(self) -> datetime:
        return self.at + UNDO_WITHIN

    def can_be_undone(self, at: datetime | None = None) -> bool:
        """For thirty days, once."""
        return self.undone_at is None and (at or timezone.now()) < self.until
