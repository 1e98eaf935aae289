"""Slips of the pen in a published text, set right beside it: the text itself never changes."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Correction(models.Model):
    """The whole of a frozen translation as it reads without its slips; each one replaces the one before."""

    translation = models.ForeignKey(
        "letters.Translation", on_delete=models.CASCADE, related_name="corrections"
    )
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    body = models.TextField(_("text"))
    proposed_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["translation"], condition=Q(published_at=None), name="one_correction_waits_per_text"
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False)
                & ~Q(published_by=F("proposed_by")),
                name="nobody_publishes_their_own_correction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.translation_id}: {self.proposed_at:%Y-%m-%d}"
