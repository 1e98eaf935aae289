from django.db import models
from django.utils.translation import gettext_lazy as _

from letters.models import Letter


class Reckoning(models.Model):
    """What became of a letter's signatures, in numbers, as of one moment; and of rows gone since.

    `desk` holds what only its desk is shown: mail that left and came back, and how long what waits has.
    """

    letter = models.OneToOneField(Letter, on_delete=models.CASCADE, related_name="reckoning")
    as_of = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    desk = models.JSONField(default=dict)
    gone = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("reckoning")
        verbose_name_plural = _("reckonings")

    def __str__(self) -> str:
        return f"reckoning of {self.letter_id}"
