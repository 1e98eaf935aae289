"""Numbers of signatures that a letter has reached."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from letters.models import Letter


class Milestone(models.Model):
    """That so many stood under a letter, and since when that is known."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="milestones")
    signatures = models.PositiveIntegerField(_("signatures"))
    reached_at = models.DateTimeField(_("reached at"))

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["reached_at", "signatures"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "signatures"], name="a_milestone_is_reached_once")
        ]

    def __str__(self) -> str:
        return f"{self.signatures} under letter {self.letter_id}"
