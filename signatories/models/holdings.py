from django.db import models
from django.utils.translation import gettext_lazy as _

from letters.models import Letter


class Holding(models.Model):
    """How much is kept about a letter's signers, as the clock last counted it: pages count nothing."""

    letter = models.OneToOneField(Letter, on_delete=models.CASCADE, related_name="holding")
    unconfirmed = models.PositiveIntegerField(default=0)
    addresses = models.PositiveIntegerField(default=0)
    hidden_names = models.PositiveIntegerField(default=0)
    listed_names = models.PositiveIntegerField(default=0)
    anonymous = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("holding")
        verbose_name_plural = _("holdings")

    def __str__(self) -> str:
        return f"holding of letter {self.letter_id}"
