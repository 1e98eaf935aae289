"""How letters end: that their end was moved, or that they were taken down."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Closing(models.Model):
    """That somebody moved the end of a published letter, and why."""

    letter = models.ForeignKey("letters.Letter", on_delete=models.CASCADE, related_name="closings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    before = models.DateTimeField(null=True)
    after = models.DateTimeField(null=True)
    reason = models.TextField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="whoever_moves_an_end_says_why")]

    def __str__(self) -> str:
        return f"{self.letter_id}: {self.after}"


class TakeDown(models.Model):
    """That a letter was taken from the public, by whom, and the reason that readers and signers get."""

    letter = models.OneToOneField("letters.Letter", on_delete=models.PROTECT, related_name="take_down")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("take-down")
        verbose_name_plural = _("take-downs")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="whoever_takes_down_says_why")]

    def __str__(self) -> str:
        return f"take-down of {self.letter_id}"
